import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { FIRST_LINE, allHaveFirstLine, IDLE, names, procfile } from './services.mjs';

/**
 * @typedef {import('./workspace.mjs').Project} Project
 * @typedef {object} Peer
 * @property {string} name
 * @property {(count: number) => Record<string, string>} files
 * @property {(count: number, project: Project) => string[]} start
 * @property {(project: Project) => Record<string, string>} [env]
 * @property {boolean} [isDaemon] the start command ends by itself
 * @property {(count: number, project: Project) => () => boolean} hasAll
 * @property {(project: Project, running: import('./processes.mjs').Found[]) => void} stop
 */

const MPROCS_SERVER = '127.0.0.1:4051';

/** A new major version is new figures: these are the ones compared. */
const FROM_NPM = ['concurrently@9.2.5', 'pm2@7.0.4', 'mprocs@0.9.6'];

/**
 * The peers that this machine has, devctl among them; those of npm are installed into the workspace.
 * @param {import('./workspace.mjs').Workspace} workspace
 * @returns {{ found: Peer[], missing: string[] }}
 */
export function findPeers(workspace) {
  const folder = join(workspace.root, 'peers');
  const missing = [];
  for (const wanted of FROM_NPM) {
    const args = ['install', '--no-audit', '--no-fund', '--silent', '--prefix', folder, wanted];
    if (spawnSync('npm', args, { stdio: 'ignore', timeout: 180_000 }).status !== 0) missing.push(wanted);
  }
  const bin = (/** @type {string} */ name) => which(name, [join(folder, 'node_modules', '.bin'), process.env['PATH'] ?? '']);
  /** @type {Peer[]} */
  const found = [devctl(workspace.devctl, 'direct'), devctl(workspace.devctl, 'tmux')];
  for (const [name, make] of Object.entries(MAKERS)) {
    const path = bin(name);
    if (path !== undefined) found.push(make(path));
    else if (!missing.some((one) => one.startsWith(`${name}@`))) missing.push(name);
  }
  return { found, missing };
}

/**
 * @param {string} name
 * @param {string[]} paths
 */
function which(name, paths) {
  return paths
    .join(delimiter)
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * @param {string} bin
 * @param {string} mode
 * @returns {Peer}
 */
const devctl = (bin, mode) => ({
  name: `devctl ${mode}`,
  files: (count) => ({ 'Procfile.dev': procfile(count, FIRST_LINE) }),
  start: () => [process.execPath, bin, 'start', '--no-wait', '--mode', mode],
  isDaemon: true,
  hasAll: (count, project) => allHaveFirstLine(names(count).map((name) => project.path(`log/${name}.log`))),
  stop: (project) => void project.begin([process.execPath, bin, 'stop']),
});

/**
 * @param {number} count
 * @param {Project} project
 */
const linesInOutput = (count, project) => () => {
  const text = readFileSync(project.path('out'), 'utf8');
  return (text.match(/\bfirst\s*$/gm) ?? []).length >= count;
};

/**
 * Ends the manager, which is to end its services.
 * @param {(argv: string[]) => boolean} isManager
 * @returns {Peer['stop']}
 */
const terminate = (isManager) => (_project, running) => {
  for (const { pid, argv } of running) if (isManager(argv)) process.kill(pid, 'SIGTERM');
};

/**
 * What a package's script of Node runs: that script costs more than the program itself.
 * @param {string} script
 */
function binaryOf(script) {
  const text = `require(${JSON.stringify(join(dirname(realpathSync(script)), 'index.js'))})`;
  return spawnSync(process.execPath, ['-p', text], { encoding: 'utf8' }).stdout.trim();
}

/** @type {Record<string, (path: string) => Peer>} */
const MAKERS = {
  overmind: (path) => ({
    name: 'overmind',
    files: (count) => ({ Procfile: procfile(count, FIRST_LINE) }),
    start: (_count, project) => [path, 'start', '-N', '-f', 'Procfile', '-s', project.path('overmind.sock')],
    hasAll: linesInOutput,
    stop: (project) => void project.begin([path, 'quit', '-s', project.path('overmind.sock')]),
  }),
  foreman: (path) => ({
    name: 'foreman',
    files: (count) => ({ Procfile: procfile(count, FIRST_LINE) }),
    start: () => [path, 'start', '-f', 'Procfile'],
    hasAll: linesInOutput,
    stop: terminate((argv) => argv.some((word) => word.startsWith('foreman') || word.endsWith('/foreman'))),
  }),
  concurrently: (path) => ({
    name: 'concurrently',
    files: () => ({}),
    start: (count) => [path, ...names(count).map(() => FIRST_LINE)],
    hasAll: linesInOutput,
    stop: terminate((argv) => argv.some((word) => word.endsWith('/concurrently'))),
  }),
  pm2: (path) => ({
    name: 'pm2',
    files: (count) => ({
      'apps.json': JSON.stringify({
        apps: names(count).map((name) => ({ name, script: '/bin/sh', args: ['-c', FIRST_LINE], interpreter: 'none' })),
      }),
    }),
    start: () => [path, 'start', 'apps.json'],
    env: (project) => ({ PM2_HOME: project.path('pm2') }),
    isDaemon: true,
    hasAll: (count, project) => allHaveFirstLine(names(count).map((name) => project.path(`pm2/logs/${name}-out.log`))),
    stop: (project) => void project.begin([path, 'kill'], { PM2_HOME: project.path('pm2') }),
  }),
  // It draws on a terminal, and shows one service at a time: each service leaves a file as well.
  mprocs: (path) => ({
    name: 'mprocs',
    files: (count) => ({
      'mprocs.yaml': JSON.stringify({
        procs: Object.fromEntries(names(count).map((name) => [name, { shell: `echo first; : >up-${name}; ${IDLE}` }])),
      }),
    }),
    start: () => [
      'script',
      '-qfec',
      `stty rows 50 cols 200; exec ${binaryOf(path)} --server ${MPROCS_SERVER} --config mprocs.yaml`,
      '/dev/null',
    ],
    env: () => ({ TERM: 'xterm-256color' }),
    hasAll: (count, project) => () => names(count).every((name) => existsSync(project.path(`up-${name}`))),
    stop: (project) => void project.begin([binaryOf(path), '--server', MPROCS_SERVER, '--ctl', '{c: force-quit}']),
  }),
};
