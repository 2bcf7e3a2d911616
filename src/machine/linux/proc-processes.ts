import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { ancestorsOf } from '../ancestors.ts';
import type { Pipes, Processes, ProcessInfo, ProcessTable, ScanRequest, Target } from '../processes.ts';
import { sendSignal } from '../posix/send-signal.ts';
import { parseEnvironment, parseIo, parseMark, parseStat, parseUnit, parseVariables, TICKS_PER_SECOND } from './proc-text.ts';

const buffer = Buffer.allocUnsafe(256 * 1024);

/** The process table of Linux: /proc, read with one buffer (12 us a file; `fs.promises` is five times slower, measured). */
export function procProcesses(): Processes {
  return {
    scan,
    isAlive: (identity) => {
      const info = readStat(identity.pid);
      return info !== undefined && info.start === identity.start && info.state !== 'Z' && info.state !== 'X';
    },
    isSuspended: ({ pid, start }) => {
      const info = readStat(pid);
      return info?.start === start && info.state === 'T';
    },
    identify: (pid) => {
      const info = readStat(pid);
      return info && { pid, start: info.start };
    },
    signal,
    kill: (targets) => {
      signal(targets, 'SIGKILL');
      return Promise.resolve();
    },
    argv: (pid) =>
      slurp(`/proc/${String(pid)}/cmdline`)
        ?.split('\0')
        .slice(0, -1) ?? [],
    cwds: (pids) =>
      new Map(
        pids.flatMap((pid) => {
          const folder = link(`/proc/${String(pid)}/cwd`);
          return folder === undefined ? [] : [[pid, folder.replace(/ \(deleted\)$/, '')]];
        }),
      ),
    variables: (pids, names) =>
      new Map(
        pids.flatMap((pid) => {
          const found = parseVariables(slurp(`/proc/${String(pid)}/environ`) ?? '', names);
          return found === undefined ? [] : [[pid, found] as const];
        }),
      ),
    environment: (pid) => parseEnvironment(slurp(`/proc/${String(pid)}/environ`) ?? ''),
    sharesNumbers: (pid) => {
      const theirs = link(`/proc/${String(pid)}/ns/pid`);
      return theirs !== undefined && theirs === link('/proc/self/ns/pid');
    },
    // Its last field is the pid that was given last. Source: proc(5), /proc/loadavg.
    births: () => slurp('/proc/loadavg')?.trim().split(' ').at(-1),
    pipes,
    ioBytes: (pid) => parseIo(slurp(`/proc/${String(pid)}/io`) ?? ''),
    uid: (pid) => statSync(`/proc/${String(pid)}`, { throwIfNoEntry: false })?.uid,
    unit: (pid) => parseUnit(slurp(`/proc/${String(pid)}/cgroup`) ?? ''),
    userName: (uid) => userName(uid),
    now,
    ageSeconds: (identity) => Math.max(0, (now() - identity.start) / TICKS_PER_SECOND),
    memoryBytes: (info) => {
      const pss = /^Pss:\s+(\d+) kB/m.exec(slurp(`/proc/${String(info.pid)}/smaps_rollup`) ?? '')?.[1];
      return pss === undefined ? info.rssBytes : Number(pss) * 1024;
    },
    world: () => ({
      bootId: (slurp('/proc/sys/kernel/random/boot_id') ?? '').trim(),
      pidNamespace: link('/proc/self/ns/pid') ?? '',
    }),
    network: () => link('/proc/self/ns/net') ?? '',
    self: () => ({ pid: process.pid, start: readStat(process.pid)?.start ?? 0 }),
    ancestors: (table) => ancestorsOf(process.pid, table),
  };
}

function signal(targets: Target[], name: NodeJS.Signals): void {
  for (const { pid, start } of targets) if (readStat(pid)?.start === start) sendSignal(pid, name);
}

/** Clock ticks since boot. Source: proc(5), /proc/uptime; both count the time of suspends. */
function now(): number {
  return Math.floor(parseFloat(slurp('/proc/uptime') ?? '0') * TICKS_PER_SECOND);
}

function scan({ since, evidence, logs }: ScanRequest): ProcessTable {
  const all: ProcessInfo[] = [];
  const byPid = new Map<number, ProcessInfo>();
  for (const entry of readdirSync('/proc')) {
    const first = entry.charCodeAt(0);
    if (first < 48 || first > 57) continue;
    const info = readStat(Number(entry), since);
    if (!info) continue;
    if (info.start >= since && info.state !== 'Z') addEvidence(info, evidence, logs);
    all.push(info);
    byPid.set(info.pid, info);
  }
  return { all, byPid };
}

/** The mark answers for most; only without one the environment and the descriptors are read. */
function addEvidence(info: ProcessInfo, evidence: ScanRequest['evidence'], logs: string[]): void {
  const mark = parseMark(slurp(`/proc/${String(info.pid)}/limits`) ?? '');
  if (mark !== undefined) {
    info.mark = mark;
    return;
  }
  if (evidence === 'mark') return;
  const environment = slurp(`/proc/${String(info.pid)}/environ`) ?? '';
  const entry = (name: string) => new RegExp(`(?:^|\\0)${name}=([^\\0]+)\\0`).exec(environment)?.[1];
  const cookie = entry('DEVCTL_SESSION');
  if (cookie !== undefined) Object.assign(info, { cookie, cookieService: entry('PS') });
  const runFolder = entry('DEVCTL_RUN_DIR');
  if (runFolder !== undefined) info.runFolder = runFolder;
  const writesTo = [1, 2].map((fd) => writeTarget(info.pid, fd, logs)).filter((target) => target !== undefined);
  if (writesTo.length > 0) info.writesTo = writesTo;
}

/** What a descriptor is open on, for writing; a reader of our log (`tail -f`) is nobody of ours. Source: proc(5), fdinfo flags. */
function writeTarget(pid: number, fd: number, logs: string[]): string | undefined {
  try {
    // By name first: a stat of somebody's file on a network that hangs would never come back.
    const name = readlinkSync(`/proc/${String(pid)}/fd/${String(fd)}`);
    if (!name.startsWith('/dev/pts/') && !logs.some((log) => basename(log) === basename(name))) return undefined;
    const target = statSync(`/proc/${String(pid)}/fd/${String(fd)}`);
    const flags = parseInt(/flags:\s+(\d+)/.exec(slurp(`/proc/${String(pid)}/fdinfo/${String(fd)}`) ?? '')?.[1] ?? '0', 8);
    if ((flags & 3) === 0) return undefined;
    return target.isCharacterDevice() ? `tty:${String(target.rdev)}` : `${String(target.dev)}:${String(target.ino)}`;
  } catch {
    return undefined;
  }
}

function pipes(pid: number): Pipes {
  const [reads, ...writes] = [0, 1, 2].map((fd) => {
    const name = link(`/proc/${String(pid)}/fd/${String(fd)}`);
    return name?.startsWith('pipe:') ? name : undefined;
  });
  return { reads, writes: writes.filter((name) => name !== undefined) };
}

/** One process. Whose it is, is asked only of those born since: nobody older can be ours. */
function readStat(pid: number, since = Infinity): ProcessInfo | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(`/proc/${String(pid)}/stat`, 'r');
    const length = readSync(fd, buffer, 0, buffer.length, 0);
    const info = parseStat(buffer.toString('latin1', 0, length));
    if (info && info.start >= since) info.uid = fstatSync(fd).uid;
    return info;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** The whole of a /proc file; `undefined` where it is gone or not ours to read. */
function slurp(path: string): string | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    let text = '';
    for (;;) {
      const length = readSync(fd, buffer, 0, buffer.length, null);
      if (length === 0) return text;
      text += buffer.toString('utf8', 0, length);
    }
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function link(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function userName(uid: number): string {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((candidate) => candidate.split(':')[2] === String(uid));
    return line?.split(':')[0] ?? `uid ${String(uid)}`;
  } catch {
    return `uid ${String(uid)}`;
  }
}
