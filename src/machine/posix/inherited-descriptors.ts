import { closeSync, fstatSync, readdirSync, readFileSync } from 'node:fs';

const O_CLOEXEC = 0o2000000;

/**
 * Closes every descriptor above 2 that we were given and that our children would inherit: an agent's pipe leaked on
 * descriptor 63 would stay open for as long as a service lives, and the agent would wait for its end. Not Node's own
 * channel to a parent. Without /proc: those that are the same file as 0, 1 or 2. Source: measured; proc(5), fdinfo.
 */
export function closeInheritedDescriptors(): void {
  const channel = process.env['NODE_CHANNEL_FD'];
  for (const name of descriptorNames()) {
    const fd = Number(name);
    if (!Number.isInteger(fd) || fd <= 2 || name === channel) continue;
    try {
      if (isInherited(fd)) closeSync(fd);
    } catch {
      continue;
    }
  }
}

function descriptorNames(): string[] {
  try {
    return readdirSync('/dev/fd');
  } catch {
    return [];
  }
}

function isInherited(fd: number): boolean {
  if (process.platform === 'linux') {
    const flags = /^flags:\s+(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${String(fd)}`, 'latin1'))?.[1];
    return flags !== undefined && (parseInt(flags, 8) & O_CLOEXEC) === 0;
  }
  const own = fstatSync(fd);
  return [0, 1, 2].some((standard) => {
    const stat = fstatSync(standard);
    return stat.dev === own.dev && stat.ino === own.ino;
  });
}
