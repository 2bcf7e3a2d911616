import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { isMet, table, writeResults } from './report.mjs';
import { governor } from './subjects/governor.mjs';
import { hook } from './subjects/hook.mjs';
import { log } from './subjects/log.mjs';
import { memory } from './subjects/memory.mjs';
import { orchestrate } from './subjects/orchestrate.mjs';
import { peers } from './subjects/peers.mjs';
import { scan } from './subjects/scan.mjs';
import { start } from './subjects/start.mjs';
import { status } from './subjects/status.mjs';
import { stop } from './subjects/stop.mjs';
import { validate } from './subjects/validate.mjs';
import { quietMachine } from './processes.mjs';
import { Workspace } from './workspace.mjs';

/**
 * @typedef {object} Subject
 * @property {string} name
 * @property {number} runs by default
 * @property {boolean} [isExtra] only when asked for
 * @property {(workspace: Workspace, runs: number) => Promise<import('./report.mjs').Report[]>} measure
 */

/** @type {Subject[]} */
const SUBJECTS = [status, hook, governor, orchestrate, validate, start, stop, scan, memory, log, peers];

const USAGE = `npm run bench -- [${SUBJECTS.map(({ name }) => name).join('] [')}] [--runs N] [--quiet-wait SECONDS]
Without a subject: all but the peers. Exit 1 where a target is missed.`;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: 'string' }, 'quiet-wait': { type: 'string', default: '30' }, help: { type: 'boolean' } },
  });
  const unknown = positionals.filter((word) => !SUBJECTS.some(({ name }) => name === word));
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (values.help || unknown.length > 0 || (runs !== undefined && !(runs >= 1))) {
    console.error(unknown.length > 0 ? `no such subject: ${unknown.join(', ')}\n${USAGE}` : USAGE);
    return values.help ? 0 : 2;
  }
  const chosen = SUBJECTS.filter(({ name, isExtra }) => (positionals.length > 0 ? positionals.includes(name) : !isExtra));

  const workspace = new Workspace();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      workspace.dispose();
      process.exit(130);
    });
  /** @type {import('./report.mjs').Report[]} */
  const reports = [];
  let left = 0;
  try {
    workspace.build();
    for (const subject of chosen) {
      const busy = await quietMachine(Number(values['quiet-wait']) * 1000);
      for (const report of await subject.measure(workspace, runs ?? subject.runs)) {
        if (busy > 0.15) report.notes.push(`the machine was ${String(Math.round(busy * 100))} % busy before: noisy figures`);
        reports.push(report);
        console.log(`${table(report)}\n`);
      }
    }
  } finally {
    left = workspace.dispose();
  }
  const path = writeResults(reports, { node: process.version, cpus: cpus().length, load: loadavg() });
  const missed = reports.flatMap(({ rows }) => rows).filter(({ target }) => target && !isMet(target));
  console.log(`${path}\n${missed.length === 0 ? 'every target met' : `${String(missed.length)} target(s) missed`}`);
  return missed.length > 0 || left > 0 ? 1 : 0;
}

process.exitCode = await main();
