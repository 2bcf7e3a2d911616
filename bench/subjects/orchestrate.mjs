import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { median, rounds } from '../measure.mjs';

const TASKS = 20;
const TASK_SECONDS = 0.4;
const OVERHEAD_LIMIT = 1.05;
const MANY = 1000;
const MB_LIMIT = 150;
const EVENTS_MB = 200;

/** Stands in for Claude Code: as long as the real one takes for its shortest answer. Source: measured, 2.1.329. */
const CLAUDE = `#!/bin/sh
[ "$1" = --version ] && { echo '2.1.329 (Claude Code)'; exit; }
cat >/dev/null
echo '{"type":"system","subtype":"init","session_id":"x","model":"none"}'
sleep ${String(TASK_SECONDS)}
echo '{"type":"result","subtype":"success","is_error":false,"result":"ok","num_turns":1,"total_cost_usd":0.01,"usage":{"input_tokens":5,"output_tokens":5}}'
`;
/** One that talks a lot. */
const TALKER = `#!${process.execPath}
if (process.argv[2] === '--version') { console.log('2.1.329 (Claude Code)'); process.exit(); }
const { writeSync } = require('node:fs');
const line = JSON.stringify({ type: 'user', message: { content: [{ type: 'tool_result', content: 'x'.repeat(100_000) }] } }) + '\\n';
for (let bytes = 0; bytes < ${String(EVENTS_MB)}e6; bytes += line.length) writeSync(1, line);
writeSync(1, '{"type":"result","subtype":"success","is_error":false,"result":"ok","num_turns":1,"total_cost_usd":0,"usage":{}}\\n');
`;

const tasks = (/** @type {number} */ count) =>
  JSON.stringify({
    tasks: Array.from({ length: count }, (_, index) => ({ id: `t${String(index)}`, prompt: 'go', timeout: '10m' })),
  });

/** What the hub adds to its tasks, and what it takes. @type {import('../main.mjs').Subject} */
export const orchestrate = {
  name: 'orchestrate',
  runs: 5,
  async measure(workspace, runs) {
    const project = workspace.project('orchestrate', {
      claude: CLAUDE,
      'few.json': tasks(TASKS),
      'many.json': tasks(MANY),
      'one.json': tasks(1),
      'alone.sh': `for i in $(seq ${String(TASKS)}); do echo go | ./claude -p >>out.jsonl; done\n`,
    });
    chmodSync(project.path('claude'), 0o755);
    const talking = workspace.project('talking', { claude: TALKER, 'one.json': tasks(1) });
    chmodSync(talking.path('claude'), 0o755);
    const path = (/** @type {string} */ folder) => ({ PATH: `${folder}:${workspace.env['PATH'] ?? ''}` });
    const figures = await rounds(runs, async () => {
      rmSync(project.path('.orchestrator-output'), { recursive: true, force: true });
      rmSync(talking.path('.orchestrator-output'), { recursive: true, force: true });
      const alone = project.time(['sh', 'alone.sh']) / TASKS;
      const start = project.devctl('orchestrate few.json --dry-run', { env: path(project.folder) });
      const whole = project.devctl('orchestrate few.json --concurrency 1', { env: path(project.folder) });
      const orchestrated = (whole - start) / TASKS;
      rmSync(project.path('.orchestrator-output'), { recursive: true, force: true });
      const many = await peakMb(project, 'many.json', { CLAUDE_EXECUTOR_MODE: 'mock' });
      const events = await peakMb(talking, 'one.json', path(talking.folder));
      return { alone, orchestrated, many, events };
    });
    const floor = median(figures['alone']);
    const overhead = median(figures['orchestrated']) / floor;
    const mb = (/** @type {string} */ key) => ({
      text: `<= ${String(MB_LIMIT)} MB`,
      value: median(figures[key]),
      limit: MB_LIMIT,
    });
    return [
      {
        subject: `orchestrate, one of ${String(TASKS)} tasks of ${String(TASK_SECONDS)} s`,
        rows: [
          { name: 'the program alone', unit: 'ms', samples: figures['alone'] ?? [], floor },
          {
            name: 'as a task',
            unit: 'ms',
            samples: figures['orchestrated'] ?? [],
            floor,
            target: { text: `<= ${String(OVERHEAD_LIMIT)} x`, value: overhead, limit: OVERHEAD_LIMIT },
          },
        ],
        notes: ['without the start of devctl, which is paid once'],
      },
      {
        subject: 'orchestrate, memory of the hub (peak RSS)',
        rows: [
          { name: `${String(MANY)} tasks of nobody`, unit: 'MB', samples: figures['many'] ?? [], target: mb('many') },
          { name: `${String(EVENTS_MB)} MB of events`, unit: 'MB', samples: figures['events'] ?? [], target: mb('events') },
        ],
        notes: [],
      },
    ];
  },
};

/**
 * @param {import('../workspace.mjs').Project} project
 * @param {string} file
 * @param {Record<string, string>} env
 */
async function peakMb(project, file, env) {
  const { workspace, folder } = project;
  const child = spawn(process.execPath, [workspace.devctl, 'orchestrate', file], {
    cwd: folder,
    env: { ...workspace.env, ...env },
    stdio: 'ignore',
  });
  let kb = 0;
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
      kb = Math.max(kb, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0));
    } catch {
      // It has ended.
    }
  }, 10);
  const [code] = await once(child, 'exit');
  clearInterval(look);
  if (code !== 0) throw new Error(`devctl orchestrate ${file} ended with ${String(code)}`);
  return (kb * 1024) / 1e6;
}
