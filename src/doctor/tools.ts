import type { Machine } from '../machine/machine.ts';
import { bad, good, poor, type Finding } from './finding.ts';

const TIMEOUT_MS = 3000;

/** The programs that devctl drives or that its keepers use. */
export async function checkTools(machine: Machine, isPortable: boolean): Promise<Finding[]> {
  return [
    await checkTmux(machine),
    await checkLsof(machine, isPortable),
    await checkPs(machine, isPortable),
    await checkSession(machine),
  ];
}

async function checkTmux({ tools }: Machine): Promise<Finding> {
  const { outcome, stdout } = await tools.run({ file: 'tmux', args: ['-V'], timeoutMs: TIMEOUT_MS });
  if (outcome === 'missing')
    return poor(
      'tmux',
      'not installed: the services run in direct mode, with log files',
      'apt install tmux, or brew install tmux',
    );
  const version = stdout.trim();
  return isTmuxNewEnough(version)
    ? good('tmux', version)
    : bad(
        'tmux',
        `${version}: at least 3.2a is needed (3.2 hangs where its output is a pipe)`,
        'apt install tmux, or devctl start --mode direct',
      );
}

/** `tmux 3.3a`, `tmux next-3.5`, `tmux openbsd-7.4`. 3.2a is the first without the hangs of 3.2. Source: tmux CHANGES, issues 2694 and 2698. */
export function isTmuxNewEnough(version: string): boolean {
  const match = /(\d+)\.(\d+)([a-z]?)/.exec(version);
  if (!match || /openbsd|master/.test(version)) return version.startsWith('tmux');
  const [, major, minor, letter = ''] = match;
  const number = Number(major) * 100 + Number(minor);
  return number > 302 || (number === 302 && letter >= 'a');
}

async function checkLsof({ tools }: Machine, isPortable: boolean): Promise<Finding> {
  const { outcome, stdout, stderr } = await tools.run({ file: 'lsof', args: ['-v'], timeoutMs: TIMEOUT_MS });
  if (outcome === 'missing')
    return isPortable
      ? bad('lsof', 'not installed: without it nobody knows who holds a port', 'apt install lsof')
      : good('lsof', 'not installed, and not needed: this system has /proc');
  const version = /revision:\s*(\S+)/.exec(`${stdout}\n${stderr}`)?.[1] ?? 'version unknown';
  return good('lsof', isPortable ? version : `${version} (not needed: this system has /proc)`);
}

async function checkPs({ tools }: Machine, isPortable: boolean): Promise<Finding> {
  const { outcome } = await tools.run({ file: 'ps', args: ['-A', '-o', 'pid=,ppid=,stat='], timeoutMs: TIMEOUT_MS });
  if (outcome === 'done') return good('ps', 'answers');
  return isPortable
    ? bad('ps', 'does not answer: without it there is no process table', 'apt install procps')
    : poor('ps', 'is missing: a service that is stopped with Ctrl-Z in its pane is not continued', 'apt install procps');
}

/** What gives a service a session, or at least a group, of its own. */
async function checkSession({ tools }: Machine): Promise<Finding> {
  const test = 'command -v setsid || command -v perl';
  const { stdout } = await tools.run({ file: 'sh', args: ['-c', test], timeoutMs: TIMEOUT_MS });
  const found = stdout.trim();
  return found === ''
    ? poor('setsid', 'neither setsid nor perl is there: `kill 0` in a line reaches the keeper as well', 'apt install util-linux')
    : good('setsid', found);
}
