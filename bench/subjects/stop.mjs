import { median, rounds } from '../measure.mjs';
import { poll } from '../poll.mjs';
import { watchDeaths } from '../processes.mjs';
import { IDLE, isService, procfile } from '../services.mjs';

/** How long the command may take, in ms, by the number of services. */
const COMMAND_LIMITS = new Map([
  [10, 600],
  [50, 1000],
]);

/** @type {import('../main.mjs').Subject} */
export const stop = {
  name: 'stop',
  runs: 10,
  async measure(workspace, runs) {
    const reports = [];
    for (const [count, limit] of COMMAND_LIMITS) reports.push(await measureCount(workspace, runs, count, limit));
    return reports;
  },
};

/**
 * @param {import('../workspace.mjs').Workspace} workspace
 * @param {number} runs
 * @param {number} count
 * @param {number} commandLimit
 */
async function measureCount(workspace, runs, count, commandLimit) {
  const project = workspace.project(`stop-${String(count)}`, { 'Procfile.dev': procfile(count, IDLE) });
  const figures = await rounds(runs, async () => ({
    node: project.node(),
    ...(await stopOnce(project, count, 'direct')),
    ...(await stopOnce(project, count, 'tmux')),
  }));
  const floor = median(figures['node']);
  /**
   * @param {string} name
   * @param {string} key
   * @param {number} [limit]
   */
  const row = (name, key, limit) => ({
    name,
    unit: 'ms',
    samples: figures[key] ?? [],
    floor,
    ...(limit === undefined ? {} : { target: { text: `<= ${String(limit)} ms`, value: median(figures[key]), limit } }),
  });
  return {
    subject: `stop of ${String(count)} services`,
    rows: [
      row('node -e 0', 'node'),
      ...['direct', 'tmux'].flatMap((mode) => [
        row(`${mode}: typed to first death`, `${mode} signal`),
        row(`${mode}: first death to services gone`, `${mode} gone`, count > 10 ? undefined : 100),
        row(`${mode}: first death to all of ours gone`, `${mode} all`),
        row(`${mode}: the command`, `${mode} command`, commandLimit),
      ]),
    ],
    notes: ['the first death of a service is taken as the moment of the signal'],
  };
}

/**
 * @param {import('../workspace.mjs').Project} project
 * @param {number} count
 * @param {string} mode
 */
async function stopOnce(project, count, mode) {
  const { workspace } = project;
  project.devctl(`start --no-wait --mode ${mode}`);
  poll('the services to run', () => workspace.processes().filter(isService).length === count, 10_000, 20);
  const before = workspace.processes();
  const services = before.filter(isService).map(({ pid }) => pid);
  const ours = before.map(({ pid }) => pid).filter((pid) => !services.includes(pid));

  const command = project.begin([process.execPath, workspace.devctl, 'stop']);
  const deaths = watchDeaths([...services, ...ours, command.pid], 20_000);
  const code = await command.over;
  if (code !== 0) throw new Error(`devctl stop: ${String(code)}\n${command.output()}`);
  workspace.waitUntilEmpty();

  const at = (/** @type {number[]} */ pids) => pids.map((pid) => deaths.get(pid) ?? NaN);
  const signal = Math.min(...at(services));
  return {
    [`${mode} signal`]: signal - command.began,
    [`${mode} gone`]: Math.max(...at(services)) - signal,
    [`${mode} all`]: Math.max(...at([...services, ...ours])) - signal,
    [`${mode} command`]: Math.max(...at([command.pid])) - command.began,
  };
}
