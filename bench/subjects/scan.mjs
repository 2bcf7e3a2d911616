import { build } from 'esbuild';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { countProcesses, gather } from '../crowd.mjs';
import { median, rounds } from '../measure.mjs';
import { poll } from '../poll.mjs';
import { IDLE, names } from '../services.mjs';

const ALL = 3000;
const SERVICES = 10;
/** With its keeper, each service is this many processes: 100 of ours. */
const PER_SERVICE = 10;
const LIMIT_MS = 60;

/**
 * One look at the process table, and whose each process is: what every command does, and a stop every 20 ms. In this process.
 * @type {import('../main.mjs').Subject}
 */
export const scan = {
  name: 'scan',
  runs: 20,
  async measure(workspace, runs) {
    const look = await bundleLook(workspace);
    const helpers = 'sleep 86399 & '.repeat(PER_SERVICE - 2);
    const project = workspace.project('scan', {
      'Procfile.dev': names(SERVICES)
        .map((name) => `${name}: ${helpers}${IDLE}\n`)
        .join(''),
    });
    const start = () => {
      project.devctl('start --no-wait --mode direct');
      poll('all of ours', () => look(project.folder) === SERVICES * PER_SERVICE, 20_000, 50);
    };
    const strangers = () => gather(workspace.project('crowd', {}), ALL - SERVICES * PER_SERVICE - countProcesses());
    /** @param {string} name */
    const measure = (name) =>
      rounds(runs, () => {
        const cpuBegan = process.cpuUsage();
        const began = performance.now();
        const found = look(project.folder);
        const ms = performance.now() - began;
        const { user, system } = process.cpuUsage(cpuBegan);
        if (found !== SERVICES * PER_SERVICE) throw new Error(`${String(found)} of ours`);
        return { [name]: ms, [`${name} cpu`]: (user + system) / 1000 };
      });

    start();
    const alone = await measure('alone');
    project.devctl('stop');
    const older = strangers();
    start();
    const crowd = await measure('older');
    project.devctl('stop');
    await older.end();
    start();
    const younger = strangers();
    const busy = await measure('younger');
    await younger.end();
    project.devctl('stop');
    workspace.waitUntilEmpty();

    const samples = crowd['older'] ?? [];
    const target = { text: `<= ${String(LIMIT_MS)} ms`, value: median(samples), limit: LIMIT_MS };
    return [
      {
        subject: `a scan that finds ${String(SERVICES * PER_SERVICE)} of ours`,
        rows: [
          { name: 'few others', unit: 'ms', samples: alone['alone'] ?? [] },
          { name: `of ${String(ALL)}, the others older than the run`, unit: 'ms', samples, target },
          { name: '  its time on the processor', unit: 'ms', samples: crowd['older cpu'] ?? [] },
          { name: `of ${String(ALL)}, the others younger`, unit: 'ms', samples: busy['younger'] ?? [] },
          { name: '  its time on the processor', unit: 'ms', samples: busy['younger cpu'] ?? [] },
        ],
        notes: [],
      },
    ];
  },
};

/**
 * devctl's own look, bundled for this process: how many it takes for certain to be ours.
 * @param {import('../workspace.mjs').Workspace} workspace
 * @returns {Promise<(folder: string) => number>}
 */
async function bundleLook(workspace) {
  const outfile = join(workspace.root, 'look.cjs');
  await build({
    stdin: {
      contents: `
        import { procProcesses } from './src/machine/linux/proc-processes.ts';
        import { localFiles } from './src/machine/posix/local-files.ts';
        import { openProject } from './src/project/open.ts';
        import { observeProcesses } from './src/services/observe.ts';
        export function look(folder, home) {
          const machine = { processes: procProcesses(), files: localFiles(), home };
          const { value } = openProject(machine, { cwd: folder });
          return observeProcesses(machine, value.project, value.record).owned.length;
        }`,
      resolveDir: join(workspace.root, 'devctl'),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
  });
  /** @type {{ look: (folder: string, home: object) => number }} */
  const { look } = createRequire(import.meta.url)(outfile);
  const { XDG_STATE_HOME: stateHome, XDG_RUNTIME_DIR: runtimeDir, HOME: home, TMPDIR: tmp } = workspace.env;
  return (folder) => look(folder, { stateHome, runtimeDir, home, tmp, uid: process.getuid?.() ?? 0 });
}
