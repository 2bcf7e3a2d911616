import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import type { Machine } from '../machine/machine.ts';
import { ok, type Result } from '../result.ts';
import { toFailure } from '../system-failure.ts';
import { findCheckout, mainCheckout, type Checkout } from './git.ts';
import { underLock } from './lock.ts';
import { projectPaths, stateRoot } from './paths.ts';
import { projectId } from './identity.ts';
import type { Project } from './project.ts';

/** By how much a checkout's ports are moved, and away from whose. */
export interface PortShift {
  offset: number;
  /** The main checkout, whose ports stay as they are written; absent where the repository has none. */
  main: string | undefined;
}

/** What one repository's worktrees have been given, by the root of the project in each. */
type Given = Record<string, { offset: number; ports: number[] }>;

/** Far enough for instances and neighbours (3000, 3001), and a tenth of the step between services. */
const STEP = 10;
/**
 * Ports that fetch and browsers refuse, and two that macOS holds. Source: fetch.spec.whatwg.org, "bad port" above 1024;
 * AirPlay Receiver.
 */
const AVOIDED: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5000, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 7000, 10080,
]);

/**
 * The nearest offset that nobody has, and by which none of these ports meets a port that is taken: upwards, and where no
 * number is left there, downwards. Pure; `undefined` where there is none.
 */
export function chooseOffset(ports: number[], taken: Taken, first: number): number | undefined {
  const fits = (offset: number) =>
    !taken.offsets.has(offset) &&
    ports.every((port) => !taken.ports.has(port + offset) && (offset === 0 || !AVOIDED.has(port + offset)));
  const highest = Math.max(1024, ...ports);
  for (let offset = first; highest + offset <= 65_535; offset += STEP) if (fits(offset)) return offset;
  const lowest = Math.min(65_535, ...ports);
  for (let offset = -STEP; lowest + offset >= 1024; offset -= STEP) if (fits(offset)) return offset;
  return undefined;
}

/** What a repository's checkouts have already. */
interface Taken {
  ports: ReadonlySet<number>;
  offsets: ReadonlySet<number>;
}

/**
 * The shift of a project in a worktree, `undefined` in a main checkout. A worktree is given its offset once, under a lock of
 * the repository's, and keeps it for as long as its folder is there: no two have a port in common. `ports` are those that
 * the project would have in the main checkout.
 */
export async function worktreeShift(
  machine: Pick<Machine, 'files' | 'processes' | 'clock' | 'home'>,
  project: Project,
  ports: number[],
): Promise<Result<PortShift | undefined>> {
  const checkout = findCheckout(machine.files, project.root);
  if (checkout?.kind !== 'worktree') return ok(undefined);
  const main = mainCheckout(checkout);
  const state = registryFolder(machine, project, checkout);
  const file = join(state, 'ports.json');
  const before = readGiven(machine, file);
  const kept = keepsOffset(before, project.root, main, ports);
  if (kept !== undefined) return ok({ offset: kept, main });
  try {
    return await underLock(machine, { paths: { ...project.paths, state, lock: join(state, 'lock') } }, () => {
      const given = withoutGone(machine, readGiven(machine, file));
      const offset = freeOffset(given, project.root, main, ports);
      const mine = { offset, ports: [...new Set(ports)].map((port) => port + offset) };
      machine.files.writeAtomic(file, `${JSON.stringify({ ...given, [project.root]: mine })}\n`);
      return Promise.resolve(ok({ offset, main }));
    });
  } catch (error) {
    // Who may only look, in a sandbox say, is told what a start would most likely give.
    if (toFailure(error) === undefined) throw error;
    return ok({ offset: freeOffset(before, project.root, main, ports), main });
  }
}

/** The offset that it has, if all of these ports are recorded with it and none is the main checkout's. */
function keepsOffset(given: Given, root: string, main: string | undefined, ports: number[]): number | undefined {
  const known = given[root];
  if (!known) return undefined;
  const mine = ports.map((port) => port + known.offset);
  const isMain = (port: number) => main !== undefined && ports.includes(port);
  return mine.every((port) => known.ports.includes(port) && !isMain(port)) ? known.offset : undefined;
}

/** The offset that it has, where its ports (a service may have come since) meet nobody's; else the next that does. */
function freeOffset(given: Given, root: string, main: string | undefined, ports: number[]): number {
  const others = Object.entries(given).flatMap(([other, one]) => (other === root ? [] : [one]));
  const taken = {
    ports: new Set([...(main === undefined ? [] : ports), ...others.flatMap((one) => one.ports)]),
    offsets: new Set(others.map((one) => one.offset)),
  };
  const known = given[root]?.offset;
  const isFree = known !== undefined && !taken.offsets.has(known) && ports.every((port) => !taken.ports.has(port + known));
  if (isFree) return known;
  const first = main === undefined ? 0 : STEP;
  return chooseOffset(ports, taken, first) ?? chooseOffset([], { ...taken, ports: new Set() }, first) ?? 0;
}

/** One for the same project (its folder in the checkout) of one repository. */
function registryFolder({ home }: Pick<Machine, 'home'>, { root }: Project, { commonFolder, top }: Checkout): string {
  const name = createHash('sha256')
    .update(`${commonFolder}\0${relative(top, root)}`)
    .digest('hex')
    .slice(0, 12);
  return join(stateRoot(home), 'worktrees', name);
}

/** Entries of another shape were written by somebody else's hand, and count for nothing. */
function readGiven({ files }: Pick<Machine, 'files'>, file: string): Given {
  try {
    const value: unknown = JSON.parse(files.readText(file) ?? '{}');
    const entries = typeof value === 'object' && value !== null ? Object.entries(value as Given) : [];
    return Object.fromEntries(
      entries.filter(
        ([, one]: [string, Partial<Given[string]> | null]) => Number.isInteger(one?.offset) && Array.isArray(one?.ports),
      ),
    );
  } catch {
    return {};
  }
}

/** A worktree that was removed gives its ports back, once nothing of it is recorded as running. */
function withoutGone({ files, home }: Pick<Machine, 'files' | 'home'>, given: Given): Given {
  const isThere = (root: string) =>
    files.stat(root) !== undefined || files.stat(projectPaths(projectId(root), home).run) !== undefined;
  return Object.fromEntries(Object.entries(given).filter(([root]) => isThere(root)));
}
