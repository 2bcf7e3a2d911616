import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { bareTmux } from '../bare-tmux.mjs';
import { median, rounds } from '../measure.mjs';
import { poll } from '../poll.mjs';
import { cpuMs } from '../processes.mjs';
import { IDLE, isService } from '../services.mjs';

const BYTES = 200_000_000;
const LINE_BYTES = 100;
const WRITER = `yes ${'x'.repeat(LINE_BYTES - 1)} | head -c ${String(BYTES)}`;
/** It begins when it is told to, so that the command that started it is over, and takes its own time. */
const SERVICE = `while [ ! -e go ]; do sleep 0.02; done; date +%s%N >began; ${WRITER}; date +%s%N >ended; ${IDLE}`;
const LIMIT = 1.1;

/** @type {import('../main.mjs').Subject} */
export const log = {
  name: 'log',
  runs: 7,
  async measure(workspace, runs) {
    const project = workspace.project('log', { 'Procfile.dev': `s1: ${SERVICE}\n` });
    const direct = await rounds(runs, (index) => directRound(project, index));
    const tmux = await rounds(Math.min(runs, 2), () => ({ tmux: tmuxRound(project), bare: bareRound(project) }));

    const floor = median(direct['shell']);
    const cpu = median(direct['cpu']);
    const lost = Math.max(...(direct['lost'] ?? []));
    const target = (/** @type {string} */ text, /** @type {number} */ value, /** @type {number} */ limit) => ({
      target: { text, value, limit },
    });
    return [
      {
        subject: '200 MB of log',
        rows: [
          { name: '>> file in a shell', unit: 'ms', samples: direct['shell'] ?? [], floor },
          {
            name: 'direct',
            unit: 'ms',
            samples: direct['direct'] ?? [],
            floor,
            ...target(`<= ${String(LIMIT)} x`, median(direct['direct']) / floor, LIMIT),
          },
          { name: 'direct: CPU of ours', unit: 'ms', samples: direct['cpu'] ?? [], ...target('none', cpu, 0) },
          { name: 'direct: bytes lost or changed', unit: 'B', samples: direct['lost'] ?? [], ...target('none', lost, 0) },
          { name: 'bare tmux', unit: 'ms', samples: tmux['bare'] ?? [], floor },
          { name: 'tmux, until all is in the file', unit: 'ms', samples: tmux['tmux'] ?? [], floor },
        ],
        notes: [],
      },
    ];
  },
};

/** @typedef {import('../workspace.mjs').Project} Project */

/**
 * The second writer of a round meets the dirty pages of the first: they take turns to be first.
 * @param {Project} project
 * @param {number} index
 */
async function directRound(project, index) {
  const isShellFirst = index % 2 === 0;
  const before = isShellFirst ? await shellOnce(project) : 0;
  const { header, ...direct } = directOnce(project);
  const shell = isShellFirst ? before : await shellOnce(project);
  const script = 'tail -c "+$1" log/s1.log | head -c "$2" | cmp -s - reference';
  const words = ['-c', script, 'sh', String(header + 1), String(BYTES)];
  const isSame = spawnSync('sh', words, { cwd: project.folder }).status === 0;
  const lost = isSame ? 0 : Math.max(1, header + BYTES - statSync(project.path('log/s1.log')).size);
  for (const name of ['log', 'reference']) rmSync(project.path(name), { recursive: true, force: true });
  return { shell, ...direct, lost };
}

/** @param {Project} project */
async function shellOnce(project) {
  clearSigns(project);
  const shell = project.begin(['sh', '-c', `exec >>reference; ${SERVICE}`]);
  const ms = writeNow(project);
  process.kill(shell.pid);
  await shell.over;
  return ms;
}

/** @param {Project} project */
function directOnce(project) {
  clearSigns(project);
  project.devctl('start --no-wait --mode direct');
  const header = statSync(project.path('log/s1.log')).size;
  const cpuBefore = cpuOfOurs(project);
  const ms = writeNow(project);
  const cpu = cpuOfOurs(project) - cpuBefore;
  project.devctl('stop');
  return { direct: ms, cpu, header };
}

/** @param {Project} project */
function tmuxRound(project) {
  clearSigns(project);
  project.devctl('start --no-wait --mode tmux');
  const ms = writeAndFollow(project, project.path('log/s1.log'));
  project.devctl('stop');
  rmSync(project.path('log'), { recursive: true, force: true });
  return ms;
}

/** @param {Project} project */
function bareRound(project) {
  clearSigns(project);
  const bare = bareTmux(project, 1, SERVICE);
  const path = bare.logs[0] ?? '';
  project.time(bare.start, { env: bare.env });
  poll('the log to be there', () => existsSync(path));
  const ms = writeAndFollow(project, path);
  project.time(bare.stop);
  project.workspace.waitUntilEmpty();
  rmSync(path, { force: true });
  return ms;
}

/**
 * Lets the service write, and times until the log has everything: a terminal puts a carriage return before each newline.
 * @param {Project} project
 * @param {string} path
 */
function writeAndFollow(project, path) {
  const size = statSync(path).size + BYTES + BYTES / LINE_BYTES;
  const began = Date.now();
  writeFileSync(project.path('go'), '');
  poll('all of the log', () => statSync(path).size >= size, 180_000, 10);
  return Date.now() - began;
}

/**
 * Lets the service write, and says how long its command took, by its own clock.
 * @param {Project} project
 */
function writeNow(project) {
  writeFileSync(project.path('go'), '');
  poll('the writer to end', () => existsSync(project.path('ended')), 120_000, 5);
  poll('the service to idle', () => project.workspace.processes().some(isService), 5000, 20);
  const at = (/** @type {string} */ name) => BigInt(readFileSync(project.path(name), 'utf8').trim());
  return Number(at('ended') - at('began')) / 1e6;
}

/** @param {Project} project */
function cpuOfOurs({ workspace }) {
  const ours = workspace.processes().filter(({ argv }) => argv.some((word) => word.endsWith('keeper.sh')));
  return ours.reduce((sum, { pid }) => sum + cpuMs(pid), 0);
}

/** @param {Project} project */
function clearSigns(project) {
  for (const name of ['go', 'began', 'ended']) rmSync(project.path(name), { force: true });
}
