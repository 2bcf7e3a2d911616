import type { Failure } from '../failure.ts';
import type { Clock } from '../machine/clock.ts';
import type { Files } from '../machine/files.ts';
import type { Processes } from '../machine/processes.ts';
import { fail, ok, type Result } from '../result.ts';
import { devctlWords } from './devctl-words.ts';
import type { ProjectPaths } from './paths.ts';
import { withoutSecrets } from './without-secrets.ts';

interface Holder {
  pid: number;
  start: number;
  /** Boot and pid namespace, in which pid and start mean something. */
  world: string;
}

type LockMachine = { files: Files; processes: Processes; clock: Clock };

const RETRY_MS = 20;
/** How long a command waits by default for another devctl in the same project. */
const WAIT_MS = 15_000;

/**
 * Runs a piece of work under the project's lock: a symbolic link whose text is its holder, made by symlink(2), which is
 * atomic and needs no space on a full disk. A dead holder's lock is taken over. It covers observation, plan and spawn or
 * signal, never a wait for readiness.
 */
export async function underLock<T>(
  machine: LockMachine,
  { paths }: { paths: Pick<ProjectPaths, 'state' | 'lock'> },
  work: () => Promise<Result<T>>,
  waitMs = WAIT_MS,
): Promise<Result<T>> {
  machine.files.makeFolder(paths.state, { isPrivate: true });
  const release = await acquireLock(machine, paths.lock, waitMs);
  if (!release.ok) return release;
  try {
    return await work();
  } finally {
    release.value();
  }
}

async function acquireLock(machine: LockMachine, path: string, waitMs: number): Promise<Result<() => void>> {
  const { files, processes, clock } = machine;
  const own = print({ ...processes.self(), world: worldOf(processes) });
  const release = () => {
    if (files.readSymlink(path) === own) files.remove(path);
  };
  const deadline = clock.elapsed() + waitMs;
  for (;;) {
    if (files.makeSymlink(own, path)) return ok(release);
    const text = readLock(files, path);
    const holder = text === undefined ? undefined : parse(text);
    if (clock.elapsed() >= deadline) return fail(busy(path, holder, processes));
    if (text !== undefined && (!holder || isGone(holder, processes))) setAside(machine, path, text, own);
    await clock.sleep(text !== undefined && holder && !isGone(holder, processes) ? RETRY_MS : 1);
  }
}

/** Whose lock this is, as far as that can be seen; for whoever only looks. */
export function lockHolder(
  { files, processes }: Pick<LockMachine, 'files' | 'processes'>,
  path: string,
): 'none' | 'alive' | 'dead' {
  const text = readLock(files, path);
  if (text === undefined) return 'none';
  const holder = parse(text);
  return holder && !isGone(holder, processes) ? 'alive' : 'dead';
}

/** Removes a lock whose holder is gone, as whoever wants it would. */
export function removeDeadLock(machine: LockMachine, path: string): void {
  const text = readLock(machine.files, path);
  if (text === undefined || lockHolder(machine, path) !== 'dead') return;
  setAside(machine, path, text, print({ ...machine.processes.self(), world: worldOf(machine.processes) }));
}

/** "" for something that is no lock of ours, which is set aside like a dead one. */
function readLock(files: Files, path: string): string | undefined {
  try {
    return files.readSymlink(path);
  } catch {
    return '';
  }
}

function worldOf(processes: Processes): string {
  const { bootId, pidNamespace } = processes.world();
  return `${bootId.slice(0, 8)}${pidNamespace.replace(/\D/g, '')}`;
}

/** Short: a link of up to 59 bytes lives in its inode. Source: ext4. */
function print({ pid, start, world }: Holder): string {
  return `${String(pid)}.${String(start)}.${world}`;
}

function parse(text: string): Holder | undefined {
  const [, pid, start, world = ''] = /^(\d+)\.(\d+)\.(\w*)$/.exec(text) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), start: Number(start), world };
}

/** A holder in another pid namespace of this boot cannot be seen from here: it counts as alive. */
function isGone(holder: Holder, processes: Processes): boolean {
  const here = worldOf(processes);
  if (holder.world.slice(0, 8) !== here.slice(0, 8)) return true;
  return holder.world === here && !processes.isAlive(holder);
}

/** Of a holder in another pid namespace nothing can be said: its pid may be anybody's here. */
function busy(lock: string, holder: Holder | undefined, processes: Processes): Failure {
  if (!holder || isGone(holder, processes)) return { code: 'BUSY', lock: `${lock}.steal` };
  if (holder.world !== worldOf(processes)) return { code: 'BUSY', lock };
  const command = `devctl ${(devctlWords(processes.argv(holder.pid)) ?? []).join(' ')}`.trim();
  return {
    code: 'BUSY',
    lock,
    holder: { command: withoutSecrets(command), pid: holder.pid, seconds: processes.ageSeconds(holder) },
  };
}

/**
 * Removes a dead holder's lock. Under a lock of its own, and only if the text is still the judged one: a lock that somebody
 * has taken meanwhile is never touched.
 */
function setAside({ files, processes }: LockMachine, path: string, judged: string, own: string): void {
  const guard = `${path}.steal`;
  if (!files.makeSymlink(own, guard)) {
    const thief = parse(readLock(files, guard) ?? '');
    if (!thief || isGone(thief, processes)) files.remove(guard);
    return;
  }
  if (readLock(files, path) === judged) files.remove(path);
  files.remove(guard);
}
