import { bareTmux } from '../bare-tmux.mjs';
import { median, rounds } from '../measure.mjs';
import { poll } from '../poll.mjs';
import { pssKb } from '../processes.mjs';
import { IDLE, isService, procfile } from '../services.mjs';

const COUNT = 10;
const LIMIT_MB = 2.5;

/** @type {import('../main.mjs').Subject} */
export const memory = {
  name: 'memory',
  runs: 5,
  async measure(workspace, runs) {
    const project = workspace.project('memory', { 'Procfile.dev': procfile(COUNT, IDLE) });
    const bare = bareTmux(project, COUNT, IDLE);
    const figures = await rounds(runs, () => {
      const weighDevctl = (/** @type {string} */ mode) => {
        project.devctl(`start --no-wait --mode ${mode}`);
        const mb = weigh(workspace, COUNT);
        project.devctl('stop');
        return mb;
      };
      const direct = weighDevctl('direct');
      const tmux = weighDevctl('tmux');
      project.time(bare.start, { env: bare.env });
      const bareMb = weigh(workspace, COUNT);
      project.time(bare.stop);
      workspace.waitUntilEmpty();
      return { direct, tmux, bare: bareMb };
    });
    const target = { text: `<= ${String(LIMIT_MB)} MB`, value: median(figures['direct']), limit: LIMIT_MB };
    return [
      {
        subject: `memory of ours (PSS), ${String(COUNT)} idle services`,
        rows: [
          { name: 'direct', unit: 'MB', samples: figures['direct'] ?? [], target },
          { name: 'tmux', unit: 'MB', samples: figures['tmux'] ?? [] },
          { name: 'bare tmux', unit: 'MB', samples: figures['bare'] ?? [] },
        ],
        notes: ['the services (sleep) are not counted; MB = 10^6 bytes'],
      },
    ];
  },
};

/**
 * What everything but the services themselves occupies, in MB, once the services run and nothing else comes or goes.
 * @param {import('../workspace.mjs').Workspace} workspace
 * @param {number} count
 */
export function weigh(workspace, count) {
  let before = '';
  poll(
    'the services to idle',
    () => {
      const found = workspace.processes();
      const now = found.map(({ pid, argv }) => `${String(pid)} ${argv.join(' ')}`).join('\n');
      const isSettled = now === before && found.filter(isService).length === count;
      before = now;
      return isSettled;
    },
    20_000,
    200,
  );
  const ours = workspace.processes().filter((found) => !isService(found));
  return (ours.reduce((sum, { pid }) => sum + pssKb(pid), 0) * 1024) / 1e6;
}
