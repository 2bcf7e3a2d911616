import type { Machine } from '../machine/machine.ts';
import type { RunRecord } from '../project/run-record.ts';
import { bad, good, poor, type Finding } from './finding.ts';

const TIMEOUT_MS = 3000;
/** Any number of the mark's size does. */
const TRIAL_MARK = '4611686018427387905';
/** A bundler with its watchers has some hundred files open. */
const LEAST_FILES = 1024;
const LEAST_PROCESSES = 512;
/** Debian's default before 5.11; a large project's watchers need more. Source: inotify(7). */
const LEAST_WATCHES = 65_536;

/** Does the number that names our processes survive here? */
export async function checkMark({ tools }: Machine, isPortable: boolean): Promise<Finding> {
  if (isPortable)
    return poor(
      'mark',
      'not used here: a daemon that scrubs environment, folder, session and output is not found after its keeper was killed',
    );
  const set = `ulimit -S -w ${TRIAL_MARK} 2>/dev/null || ulimit -S -x ${TRIAL_MARK} 2>/dev/null; cat /proc/self/limits`;
  const { stdout } = await tools.run({ file: 'sh', args: ['-c', set], timeoutMs: TIMEOUT_MS });
  return stdout.includes(TRIAL_MARK)
    ? good('mark', 'works: every process of a service is known by it')
    : bad('mark', 'the soft RLIMIT_LOCKS cannot be set here: daemons that scrub all else are not found', 'ulimit -H -x');
}

/** Limits that development servers run into. Source: proc(5). */
export function checkLimits({ files }: Machine): Finding[] {
  const limits = quietly(() => files.readText('/proc/self/limits')) ?? '';
  const soft = (name: string) => new RegExp(`^${name}\\s+(\\d+|unlimited)`, 'm').exec(limits)?.[1];
  const findings: Finding[] = [];
  const open = soft('Max open files');
  if (open !== undefined) findings.push(limit('open files', open, LEAST_FILES, `ulimit -n ${String(LEAST_FILES * 4)}`));
  const processes = soft('Max processes');
  if (processes !== undefined)
    findings.push(limit('processes', processes, LEAST_PROCESSES, `ulimit -u ${String(LEAST_PROCESSES * 4)}`));
  const watches = quietly(() => files.readText('/proc/sys/fs/inotify/max_user_watches'))?.trim();
  if (watches !== undefined)
    findings.push(limit('file watches', watches, LEAST_WATCHES, 'sudo sysctl fs.inotify.max_user_watches=524288'));
  return findings;
}

function limit(name: string, value: string, least: number, fix: string): Finding {
  return value === 'unlimited' || Number(value) >= least
    ? good(name, value)
    : poor(name, `${value}: development servers often need ${String(least)} and more`, fix);
}

/** Does devctl see what the run's processes see? */
export function checkSandbox({ files, processes }: Machine, record: RunRecord | undefined): Finding {
  if (!record || record.ended) return good('sandbox', 'no run to compare with');
  if (record.pidNamespace !== processes.world().pidNamespace)
    return bad(
      'sandbox',
      'the run is in another pid namespace: its processes cannot be seen from here',
      'run devctl outside the sandbox',
    );
  const own = namespace(files, 'self');
  const keeper = Object.values(record.services).find((one) => one.keeper && processes.isAlive(one.keeper))?.keeper;
  const theirs = keeper && namespace(files, String(keeper.pid));
  return own !== undefined && theirs !== undefined && own !== theirs
    ? poor('sandbox', 'the run is in another network namespace: its ports cannot be reached from here')
    : good('sandbox', 'devctl sees what the run sees');
}

function namespace(files: Machine['files'], pid: string): string | undefined {
  return quietly(() => files.readSymlink(`/proc/${pid}/ns/net`));
}

/** What no trial has shown on this platform. */
export function checkPlatform(platform: string, isPortable: boolean): Finding {
  if (platform === 'linux' && !isPortable) return good('platform', 'Linux with /proc: everything here is under test');
  if (platform === 'linux')
    return poor('platform', 'ps and lsof are forced (DEVCTL_PROBE): what only the mark finds is not found');
  return poor(
    'platform',
    `${platform}: written for it, and run there by nobody yet: ps and lsof as process table, no mark, environment of Apple's own programs hidden`,
  );
}

function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
