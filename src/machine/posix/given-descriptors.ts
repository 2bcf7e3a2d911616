import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** libuv closes those up to 15 for every child; others it leaves. Source: libuv, uv_disable_stdio_inheritance; measured. */
const LAST_LOST = 15;

interface Open {
  fd: number;
  target: string;
  isWritten: boolean;
}

/**
 * The descriptors from 3 on that somebody gave us and that a child would lose: `<( )` of zsh, `3<file`. Node's own are
 * nameless, `/dev/null`, or pipes of which it holds both ends. Linux; elsewhere none.
 */
export function givenDescriptors(): number[] {
  const open = openDescriptors();
  const isOwn = ({ target, isWritten }: Open) =>
    target.startsWith('anon_inode:') ||
    target === '/dev/null' ||
    (target.startsWith('pipe:') && open.some((other) => other.target === target && other.isWritten !== isWritten));
  return open.filter((one) => one.fd > 2 && one.fd <= LAST_LOST && !isOwn(one)).map(({ fd }) => fd);
}

function openDescriptors(): Open[] {
  try {
    return readdirSync('/proc/self/fd').flatMap((name) => {
      try {
        const target = readlinkSync(`/proc/self/fd/${name}`);
        const flags = /^flags:\s+(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${name}`, 'latin1'))?.[1] ?? '0';
        return [{ fd: Number(name), target, isWritten: (parseInt(flags, 8) & 3) !== 0 }];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** As `stdio` of a child: what it gets on each descriptor. Those between are `/dev/null`. */
export function passedOn(given: number[]): ('inherit' | 'ignore' | number)[] {
  const last = Math.max(2, ...given);
  return Array.from({ length: last + 1 }, (_, fd) => (fd <= 2 ? 'inherit' : given.includes(fd) ? fd : 'ignore'));
}
