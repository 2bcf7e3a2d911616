import type { ProcessInfo } from '../processes.ts';

/** A row of ps, with the command line that the process shows. */
export interface PsRow {
  info: ProcessInfo;
  command: string;
}

/** What `ps` is asked for; understood by procps and by the BSD ps of macOS. Source: ps(1) of both. */
export const PS_COLUMNS = 'pid=,ppid=,pgid=,uid=,tty=,stat=,time=,rss=,lstart=,command=';

const UNKNOWN_SESSION = 0;

const ROW = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\d+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s*(.*)$/;

/**
 * The rows of such a table (LC_ALL=C, TZ=UTC). There is no session number that both systems have: on a terminal it is the
 * topmost process of that terminal, else the process group as long as its leader lives; a group without its leader is nothing
 * uncommon (a pipeline whose first part has ended), and says nothing about the session.
 */
export function parsePs(text: string, ttyNumber: (name: string) => number): PsRow[] {
  const rows = text.split('\n').flatMap((line): PsRow[] => {
    const match = ROW.exec(line);
    if (!match) return [];
    const [, pid, ppid, pgid, uid, tty = '?', state = '?', time = '0:00', rss, lstart = '', command = ''] = match;
    const info: ProcessInfo = {
      pid: Number(pid),
      ppid: Number(ppid),
      pgid: Number(pgid),
      sid: Number(pgid),
      uid: Number(uid),
      tty: tty.startsWith('?') || tty === '-' ? 0 : ttyNumber(tty),
      state: state.charAt(0),
      start: parseStart(lstart),
      comm: programName(command),
      cpuMs: parseCpuTime(time),
      rssBytes: Number(rss) * 1024,
    };
    return [{ info, command }];
  });
  const byPid = new Map(rows.map(({ info }) => [info.pid, info]));
  for (const { info } of rows) {
    if (info.tty !== 0) info.sid = topOfTerminal(info, byPid);
    else if (!byPid.has(info.pgid)) info.sid = UNKNOWN_SESSION;
  }
  return rows;
}

function topOfTerminal(info: ProcessInfo, byPid: Map<number, ProcessInfo>): number {
  let top = info;
  for (let parent = byPid.get(top.ppid); parent?.tty === info.tty && parent.pid !== top.pid; parent = byPid.get(top.ppid))
    top = parent;
  return top.pid;
}

/** "Tue Nov 24 15:47:11 2026" in UTC, as seconds since the epoch. */
export function parseStart(text: string): number {
  return Math.floor(Date.parse(`${text.replace(/\s+/g, ' ')} UTC`) / 1000);
}

/** "[[dd-]hh:]mm:ss[.cc]" in milliseconds. */
export function parseCpuTime(text: string): number {
  const [, days = '0', rest = ''] = /^(?:(\d+)-)?(.*)$/.exec(text) ?? [];
  const seconds = rest.split(':').reduce((sum, part) => sum * 60 + parseFloat(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1000);
}

/** The program's name as far as its command line tells; a bundle of macOS keeps its whole path, which has blanks. */
export function programName(command: string): string {
  if (/^\/.*\.app\/Contents\/MacOS\//.test(command)) return command;
  const word = command.split(' ')[0] ?? '';
  return (word.split('/').at(-1) ?? '').replace(/^-/, '');
}

/** What a process says of itself in its environment. */
export type Cookies = Pick<ProcessInfo, 'cookie' | 'cookieService' | 'runFolder'>;

const COOKIES = { cookie: 'DEVCTL_SESSION', cookieService: 'PS', runFolder: 'DEVCTL_RUN_DIR' } as const;

/** Our entries in the environments that `ps e` prints. */
export function parseCookies(text: string, commands: ReadonlyMap<number, string>): Map<number, Cookies> {
  const found = new Map<number, Cookies>();
  for (const [pid, values] of parseVariables(text, commands, Object.values(COOKIES))) {
    const entries = Object.entries(COOKIES).flatMap(([key, name]) => (values[name] === undefined ? [] : [[key, values[name]]]));
    const cookies = Object.fromEntries(entries) as Cookies;
    if (cookies.cookie !== undefined || cookies.runFolder !== undefined) found.set(pid, cookies);
  }
  return found;
}

/**
 * The entries of these names in the environment that `ps e` prints behind the command line: exact ones, between blanks, for
 * there is nothing else to tell entries apart by.
 */
export function parseVariables<Name extends string>(
  text: string,
  commands: ReadonlyMap<number, string>,
  names: readonly Name[],
): Map<number, Partial<Record<Name, string>>> {
  const found = new Map<number, Partial<Record<Name, string>>>();
  for (const line of text.split('\n')) {
    const [, pid = '', rest = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    const command = commands.get(Number(pid)) ?? '';
    const environment = rest.startsWith(command) ? rest.slice(command.length) : rest;
    const values: Partial<Record<Name, string>> = {};
    for (const name of names) {
      const value = new RegExp(`(?:^| )${name}=(\\S+)(?: |$)`).exec(environment)?.[1];
      if (value !== undefined) values[name] = value;
    }
    if (Object.keys(values).length > 0) found.set(Number(pid), values);
  }
  return found;
}
