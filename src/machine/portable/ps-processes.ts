import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { ancestorsOf } from '../ancestors.ts';
import { sendSignal } from '../posix/send-signal.ts';
import type { ProcessIdentity, ProcessInfo, Processes, ProcessTable, ScanRequest, Target } from '../processes.ts';
import { parseFolders, parseOutputs } from './lsof-text.ts';
import { parseCookies, parsePs, parseStart, parseVariables, PS_COLUMNS } from './ps-text.ts';
import { portableTools, type RunNow } from './tools.ts';

interface Parts {
  run: RunNow;
  path: string;
  /** SIGKILL to a process and all below it, those included that it forks meanwhile. */
  killTree: (pid: number) => Promise<void>;
}

/**
 * The process table by ps and lsof, for systems without /proc; there is no mark then. `start` is in seconds since the
 * epoch. A scan takes 50 to 150 ms.
 */
export function psProcesses({ run, path, killTree }: Parts): Processes {
  const { ps, lsof } = portableTools(run, path);
  let last: { table: ProcessTable; commands: Map<number, string> } = {
    table: { all: [], byPid: new Map() },
    commands: new Map(),
  };

  function scan({ since, evidence, logs }: ScanRequest): ProcessTable {
    const rows = parsePs(ps(['-A', '-ww', '-o', PS_COLUMNS]), ttyNumber).filter(({ info }) => !isOurTool(info));
    const all = rows.map(({ info }) => info);
    last = {
      table: { all, byPid: new Map(all.map((info) => [info.pid, info])) },
      commands: new Map(rows.map(({ info, command }) => [info.pid, command])),
    };
    // There is no mark: the cookie stands for it, also where there is no record to tell of logs.
    const young = all.filter((info) => info.start >= since && info.state !== 'Z');
    addEvidence(young, evidence === 'all' ? logs : []);
    return last.table;
  }

  function addEvidence(young: ProcessInfo[], logs: string[]): void {
    const own = young.filter(({ uid }) => uid === process.getuid?.());
    if (own.length === 0) return;
    const pids = own.map(({ pid }) => pid).join(',');
    const cookies = parseCookies(environments(pids), last.commands);
    const there = logs.filter((log) => statSync(log, { throwIfNoEntry: false }) !== undefined);
    const outputs = there.length === 0 ? new Map<number, string[]>() : parseOutputs(lsof(['-F', 'pfaDi', '--', ...there]));
    for (const info of own) {
      Object.assign(info, cookies.get(info.pid));
      const writesTo = outputs.get(info.pid);
      if (writesTo) info.writesTo = writesTo;
    }
  }

  /** Command lines with the environments behind them. */
  function environments(pids: string): string {
    const everything = process.platform === 'darwin' ? ['-E'] : ['e'];
    return ps(['-ww', ...everything, '-o', 'pid=,command=', '-p', pids]);
  }

  /** Those of the pids that live, with their start times, as they are now. */
  function startsOf(pids: number[]): Map<number, number> {
    if (pids.length === 0) return new Map();
    const text = ps(['-o', 'pid=,stat=,lstart=', '-p', pids.join(',')]);
    return new Map(
      text.split('\n').flatMap((line) => {
        const [, pid, state = 'Z', start = ''] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
        return pid === undefined || state.startsWith('Z') ? [] : [[Number(pid), parseStart(start.trim())]];
      }),
    );
  }

  function living(targets: Target[]): Target[] {
    const starts = startsOf(targets.map(({ pid }) => pid));
    return targets.filter(({ pid, start }) => starts.get(pid) === start);
  }

  async function kill(targets: Target[]): Promise<void> {
    const pids = new Set(targets.map(({ pid }) => pid));
    for (const { pid } of living(targets)) {
      const parent = last.table.byPid.get(pid)?.ppid ?? 0;
      if (pids.has(parent)) continue;
      // A scan takes so long here that a process that forks outruns it; but nothing that is spared may stand below.
      if (descendantsOf(pid, last.table).every((below) => pids.has(below))) await killTree(pid);
    }
    for (const { pid } of living(targets)) sendSignal(pid, 'SIGKILL');
  }

  const identify = (pid: number): ProcessIdentity | undefined => {
    const start = startsOf([pid]).get(pid);
    return start === undefined ? undefined : { pid, start };
  };
  return {
    scan,
    isAlive: ({ pid, start }) => startsOf([pid]).get(pid) === start,
    isSuspended: ({ pid }) => ps(['-o', 'stat=', '-p', String(pid)]).startsWith('T'),
    identify,
    signal: (targets, signal) => {
      for (const { pid } of living(targets)) sendSignal(pid, signal);
    },
    kill,
    argv: (pid) => {
      const command = last.commands.get(pid) ?? ps(['-ww', '-o', 'command=', '-p', String(pid)]).trim();
      return command === '' ? [] : command.split(' ');
    },
    cwds: (pids) => (pids.length === 0 ? new Map() : parseFolders(lsof(['-a', '-d', 'cwd', '-F', 'pfn', '-p', pids.join(',')]))),
    variables: (pids, names) =>
      pids.length === 0 ? new Map() : parseVariables(environments(pids.join(',')), last.commands, names),
    // ps prints entries with blanks between them: where a value ends cannot be told.
    environment: () => ({}),
    sharesNumbers: (pid) => process.platform !== 'linux' || namespaceOf(pid) === namespaceOf('self'),
    births: () => undefined,
    // lsof would take longer than a look may.
    pipes: () => ({ reads: undefined, writes: [] }),
    ioBytes: () => undefined,
    uid: (pid) => last.table.byPid.get(pid)?.uid,
    unit: () => undefined,
    userName: (uid) => run({ file: 'id', args: ['-un', String(uid)], timeoutMs: 2000 }).stdout.trim() || `uid ${String(uid)}`,
    // ps tells whole seconds, and its clock may be one off.
    now: () => Math.floor(Date.now() / 1000) - 1,
    ageSeconds: ({ start }) => Math.max(0, Date.now() / 1000 - start),
    memoryBytes: (info) => info.rssBytes,
    world: () => world(run),
    network: () => (process.platform === 'linux' ? readlinkSync('/proc/self/ns/net') : ''),
    self: () => identify(process.pid) ?? { pid: process.pid, start: 0 },
    ancestors: (table) => ancestorsOf(process.pid, table),
  };
}

/** A container's processes are in our table, with numbers that are not theirs. */
function namespaceOf(pid: number | 'self'): string | undefined {
  try {
    return readlinkSync(`/proc/${String(pid)}/ns/pid`);
  } catch {
    return undefined;
  }
}

function descendantsOf(pid: number, table: ProcessTable): number[] {
  const found = [pid];
  for (const above of found)
    for (const info of table.all) if (info.ppid === above && !found.includes(info.pid)) found.push(info.pid);
  return found.slice(1);
}

/** The ps that was asked is in its own answer. */
function isOurTool({ ppid, comm }: ProcessInfo): boolean {
  return ppid === process.pid && comm === 'ps';
}

function ttyNumber(name: string): number {
  return statSync(`/dev/${name}`, { throwIfNoEntry: false })?.rdev ?? 0;
}

/** The boot: macOS has a number for it. Source: sysctl(3), kern.bootsessionuuid. */
function world(run: RunNow): { bootId: string; pidNamespace: string } {
  if (process.platform === 'darwin') {
    const { stdout } = run({ file: 'sysctl', args: ['-n', 'kern.bootsessionuuid'], timeoutMs: 2000 });
    return { bootId: stdout.trim(), pidNamespace: 'macos' };
  }
  return {
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    pidNamespace: readlinkSync('/proc/self/ns/pid'),
  };
}
