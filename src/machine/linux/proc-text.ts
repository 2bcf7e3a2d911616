import type { ProcessInfo } from '../processes.ts';

/** USER_HZ, which the kernel fixes at 100 for user space on every platform that Node runs on. Source: time(7). */
export const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;
const UNKNOWN_UID = -1;

/**
 * One /proc/PID/stat. The name stands in brackets and may itself hold brackets and blanks ("tmux: server"): the fields
 * begin after the last bracket. Source: proc(5).
 */
export function parseStat(text: string): ProcessInfo | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const field = text.slice(close + 2).split(' ');
  const number = (index: number) => Number(field[index]);
  return {
    pid: parseInt(text, 10),
    comm: text.slice(open + 1, close),
    state: field[0] ?? '?',
    ppid: number(1),
    pgid: number(2),
    sid: number(3),
    tty: number(4),
    cpuMs: ((number(11) + number(12)) * 1000) / TICKS_PER_SECOND,
    start: number(19),
    rssBytes: number(21) * PAGE_BYTES,
    uid: UNKNOWN_UID,
  };
}

/** The soft limit of the line "Max file locks", where it is a number. Source: proc(5), /proc/PID/limits. */
export function parseMark(limits: string): string | undefined {
  return /^Max file locks\s+(\d{17,20})\s/m.exec(limits)?.[1];
}

/**
 * The systemd service that a process is in, by the last part of its control group; the user's own manager and terminals are
 * none. Source: systemd.resource-control(5), proc(5), cgroups(7).
 */
export function parseUnit(cgroup: string): string | undefined {
  const last = cgroup.trim().split('\n').at(-1)?.split('/').at(-1) ?? '';
  return /\.service$/.test(last) && !/^user@/.test(last) ? last : undefined;
}

/** What went through read(2) and write(2), of files, pipes and sockets alike. Source: proc(5), /proc/PID/io. */
export function parseIo(text: string): number | undefined {
  const [read, written] = [/^rchar: (\d+)/m.exec(text)?.[1], /^wchar: (\d+)/m.exec(text)?.[1]];
  return read === undefined || written === undefined ? undefined : Number(read) + Number(written);
}

/** A line of /proc/PID/net/tcp or tcp6 in state 0A, which is LISTEN. Source: proc(5). */
export function parseNetTcp(text: string): { port: number; address: string; uid: number; inode: string }[] {
  const found = [];
  for (const line of text.split('\n')) {
    const field = line.trim().split(/\s+/);
    if (field[3] !== '0A') continue;
    const [address = '', port = ''] = (field[1] ?? '').split(':');
    found.push({ port: parseInt(port, 16), address: parseAddress(address), uid: Number(field[7]), inode: field[9] ?? '' });
  }
  return found;
}

/** The kernel prints addresses as 32-bit words in host order (little-endian on every machine that Node supports). */
function parseAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map((byte) => parseInt(byte, 16)).join('.');
  const groups = bytes.join('').match(/.{4}/g) ?? [];
  const text = groups.map((group) => group.replace(/^0{1,3}/, '').toLowerCase()).join(':');
  if (/^(?:0:){7}0$/.test(text)) return '::';
  if (/^(?:0:){7}1$/.test(text)) return '::1';
  const mapped = /^(?:0:){5}ffff:/.test(text);
  return mapped
    ? bytes
        .slice(12)
        .map((byte) => parseInt(byte, 16))
        .join('.')
    : text;
}

/** The entries of `/proc/PID/environ`. */
export function parseEnvironment(environment: string): Record<string, string> {
  return Object.fromEntries(
    environment.split('\0').flatMap((entry) => {
      const at = entry.indexOf('=');
      return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)]] : [];
    }),
  );
}

/** Of `/proc/PID/environ` the entries of these names; `undefined` without any. */
export function parseVariables<Name extends string>(
  environment: string,
  names: readonly Name[],
): Partial<Record<Name, string>> | undefined {
  const found: Partial<Record<Name, string>> = {};
  for (const name of names) {
    // Most have none: no splitting of all their environments.
    const at = environment.startsWith(`${name}=`) ? 0 : environment.indexOf(`\0${name}=`) + 1;
    if (at === 0 && !environment.startsWith(`${name}=`)) continue;
    found[name] = environment.slice(at + name.length + 1).split('\0', 1)[0] ?? '';
  }
  return Object.keys(found).length > 0 ? found : undefined;
}
