import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { projectId, isMarkOf } from '../../src/project/identity.ts';

export interface Leftover {
  pid: number;
  why: string;
  command: string;
}

/** Living processes of a test, found without devctl: by the test's variable, by a folder under its root, by the project's mark. Linux. */
export function findLeftovers(root: string, tag: string, projects: string[]): Leftover[] {
  const ids = projects.map((project) => projectId(project));
  const found: Leftover[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const read = (file: string) => {
      try {
        return readFileSync(`/proc/${name}/${file}`, 'utf8');
      } catch {
        return '';
      }
    };
    if (/^State:\s+[ZX]/m.test(read('status'))) continue;
    const mark = /^Max file locks\s+(\d{17,20})\s/m.exec(read('limits'))?.[1];
    const why =
      mark !== undefined && ids.some((id) => isMarkOf(id, mark))
        ? 'mark'
        : read('environ').split('\0').includes(`DVTEST_ID=${tag}`)
          ? 'variable'
          : isUnder(`/proc/${name}/cwd`, root)
            ? 'folder'
            : undefined;
    if (why !== undefined) found.push({ pid: Number(name), why, command: read('cmdline').replace(/\0/g, ' ').trim() });
  }
  return found;
}

function isUnder(link: string, root: string): boolean {
  try {
    const target = readlinkSync(link).replace(/ \(deleted\)$/, '');
    return target === root || target.startsWith(`${root}/`);
  } catch {
    return false;
  }
}

export function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${String(pid)}`)) return false;
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}
