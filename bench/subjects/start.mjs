import { rmSync } from 'node:fs';
import { bareTmux } from '../bare-tmux.mjs';
import { median, rounds } from '../measure.mjs';
import { poll } from '../poll.mjs';
import { allHaveFirstLine, FIRST_LINE, names, procfile } from '../services.mjs';

/** How often `node -e 0` a start in direct mode may take, by the number of services. */
const DIRECT_LIMITS = new Map([
  [10, 2.5],
  [50, 5],
]);

/** @type {import('../main.mjs').Subject} */
export const start = {
  name: 'start',
  runs: 10,
  async measure(workspace, runs) {
    const reports = [];
    for (const count of [2, 10, 50]) reports.push(await measureCount(workspace, runs, count));
    return reports;
  },
};

/**
 * From the moment a command is typed until the last service's first line is in its log; then until the command's exit.
 * @param {import('../workspace.mjs').Project} project
 * @param {string[]} argv
 * @param {string[]} logs
 * @param {Record<string, string>} [env]
 */
async function timeStart(project, argv, logs, env) {
  const command = project.begin(argv, env);
  const line = poll(`the first lines of ${argv.join(' ').slice(0, 80)}`, allHaveFirstLine(logs)) - command.began;
  const code = await command.over;
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${String(code)}\n${command.output()}`);
  return line;
}

/**
 * @param {import('../workspace.mjs').Workspace} workspace
 * @param {number} runs
 * @param {number} count
 */
async function measureCount(workspace, runs, count) {
  const project = workspace.project(`start-${String(count)}`, { 'Procfile.dev': procfile(count, FIRST_LINE) });
  const bare = bareTmux(project, count, FIRST_LINE);
  const logs = names(count).map((name) => project.path(`log/${name}.log`));
  const timeDevctl = (/** @type {string} */ mode) => {
    rmSync(project.path('log'), { recursive: true, force: true });
    const argv = [process.execPath, workspace.devctl, 'start', '--no-wait', '--mode', mode];
    return timeStart(project, argv, logs);
  };

  const figures = await rounds(runs, async () => {
    const node = project.node();
    const direct = await timeDevctl('direct');
    project.devctl('stop');
    const tmux = await timeDevctl('tmux');
    const status = project.devctl('status');
    project.devctl('stop');
    for (const log of bare.logs) rmSync(log, { force: true });
    const bareMs = await timeStart(project, bare.start, bare.logs, bare.env);
    project.time(bare.stop);
    workspace.waitUntilEmpty();
    return { node, direct, tmux, status, bare: bareMs };
  });

  const floor = median(figures['node']);
  const directLimit = DIRECT_LIMITS.get(count);
  const directTarget =
    directLimit === undefined
      ? {}
      : {
          target: {
            text: `<= ${String(directLimit)} x node -e 0`,
            value: median(figures['direct']) / floor,
            limit: directLimit,
          },
        };
  const budget = median(figures['status']) + 1.5 * median(figures['bare']);
  const tmuxTarget = { target: { text: '<= status + 1.5 x bare tmux, ms', value: median(figures['tmux']), limit: budget } };
  const row = (/** @type {string} */ name, /** @type {string} */ key, target = {}) => ({
    name,
    unit: 'ms',
    samples: figures[key] ?? [],
    floor,
    ...target,
  });
  return {
    subject: `start to the last first line, ${String(count)} services`,
    rows: [
      row('node -e 0', 'node'),
      row('devctl start --no-wait, direct', 'direct', directTarget),
      row('devctl status, these up in tmux', 'status'),
      row('bare tmux', 'bare'),
      row('devctl start --no-wait, tmux', 'tmux', tmuxTarget),
    ],
    notes: [],
  };
}
