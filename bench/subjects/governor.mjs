import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, rounds } from '../measure.mjs';

const SAMPLER = join(dirname(fileURLToPath(import.meta.url)), 'sampler.pl');
const SAMPLE_MS = 5;
/** A worker's name in the process table. */
const WORKER = 'dvworker';
const LOOPS = 1_200_000;

/** Stands in for Claude Code: runs one tool call as it does, in a session of its own. Source: measured, 2.1.329. */
const AGENT = `#!/bin/sh
setsid bash -c "source /none/shell-snapshots/s.sh 2>/dev/null || true && eval '$*' < /dev/null && pwd -P >| /tmp/claude-bench-cwd" &
wait $!
`;
const STORM = `#!/bin/bash
for i in $(seq "$1"); do ./${WORKER} worker.pl $i $2 & done >out.txt
date +%s.%N >forked
wait
sort -n -k2 out.txt | cksum >sum
`;

/**
 * @typedef {{ atSeconds: number, running: number, stopped: number, ticks: number }} Sample
 * @typedef {{ seconds: number, samples: Sample[], forkedSeconds: number, sum: string }} Storm
 */

/**
 * One storm of CPU-bound workers under `devctl claude`, watched by a sampler that knows nothing of it.
 * @param {import('../workspace.mjs').Project} project
 * @param {number} workers
 * @param {number} limit 0: not governed
 * @returns {Promise<Storm>}
 */
async function storm(project, workers, limit) {
  const sampler = spawn('nice', ['-n', '-5', 'perl', SAMPLER, WORKER, String(SAMPLE_MS), project.workspace.devctl], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let text = '';
  sampler.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  const env = { PATH: `${project.folder}:${project.workspace.env['PATH'] ?? ''}` };
  const words = [
    project.workspace.devctl,
    'claude',
    '--max-processes',
    String(limit),
    `./storm.sh ${String(workers)} ${String(LOOPS)}`,
  ];
  const began = performance.now();
  // Not by spawnSync: the sampler's output is to be read meanwhile.
  const child = spawn(process.execPath, words, {
    cwd: project.folder,
    env: { ...project.workspace.env, ...env },
    stdio: 'ignore',
  });
  const [code] = await once(child, 'exit');
  const seconds = (performance.now() - began) / 1000;
  sampler.stdin.end();
  await once(sampler, 'close');
  if (code !== 0) throw new Error(`the storm ended with ${String(code)}`);
  const samples = text
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number))
    .map(([atSeconds = 0, running = 0, stopped = 0, ticks = 0]) => ({ atSeconds, running, stopped, ticks }));
  return {
    seconds,
    samples,
    forkedSeconds: Number(readFileSync(project.path('forked'), 'utf8')),
    sum: readFileSync(project.path('sum'), 'utf8'),
  };
}

/**
 * @param {Storm} governed
 * @param {number} limit
 */
function judge({ samples, forkedSeconds }, limit) {
  const busy = samples.filter(({ running, stopped }) => running + stopped > 0);
  const settled = busy.find(({ atSeconds, running }) => atSeconds >= forkedSeconds && running <= limit);
  return {
    peak: Math.max(...busy.map(({ running }) => running)),
    above: (100 * busy.filter(({ running }) => running > limit).length) / busy.length,
    settle: settled === undefined ? NaN : Math.max(0, settled.atSeconds - forkedSeconds) * 1000,
    own: Math.max(...samples.map(({ ticks }) => ticks)) / 100,
  };
}

/** 500 workers where 20 may run, and 300 where 200 may. @type {import('../main.mjs').Subject} */
export const governor = {
  name: 'governor',
  runs: 5,
  async measure(workspace, runs) {
    const reports = [];
    for (const [workers, limit] of [
      [500, 20],
      [300, 200],
    ]) {
      const project = workspace.project(`governor-${String(limit)}`, {
        claude: AGENT,
        'storm.sh': STORM,
        'worker.pl': 'my $n = 0; for (my $i = 0; $i < $ARGV[1]; $i++) { $n += $i } print "worker $ARGV[0] $n\\n";',
      });
      for (const name of ['claude', 'storm.sh']) chmodSync(project.path(name), 0o755);
      symlinkSync('/usr/bin/perl', project.path(WORKER));
      const sums = new Set();
      const figures = await rounds(runs, async () => {
        const free = await storm(project, workers, 0);
        const governed = await storm(project, workers, limit);
        for (const { sum } of [free, governed]) sums.add(sum);
        return { free: free.seconds, freePeak: judge(free, limit).peak, governed: governed.seconds, ...judge(governed, limit) };
      });
      workspace.waitUntilEmpty();
      const floor = median(figures['free']);
      const row = (
        /** @type {string} */ name,
        /** @type {string} */ unit,
        /** @type {string} */ key,
        /** @type {object} */ more = {},
      ) => ({
        name,
        unit,
        samples: figures[key] ?? [],
        ...more,
      });
      const total = { text: '<= 1.5 x', value: median(figures['governed']) / floor, limit: 1.5 };
      reports.push({
        subject: `governor, ${String(workers)} workers, limit ${String(limit)}`,
        rows: [
          row('all finished, not governed', 's', 'free'),
          row('all finished, governed', 's', 'governed', { floor, target: total }),
          row('most that ran, not governed', '', 'freePeak'),
          row('most that ran, governed', '', 'peak'),
          row('share of samples above the limit', '%', 'above'),
          row('at or below it after the last fork', 'ms', 'settle', {
            target: { text: '<= 300 ms', value: median(figures['settle']), limit: 300 },
          }),
          row('own CPU', 's', 'own'),
        ],
        notes: [sums.size === 1 ? 'every storm had the same output' : `DIFFERENT OUTPUTS: ${String(sums.size)}`],
      });
    }
    return reports;
  },
};
