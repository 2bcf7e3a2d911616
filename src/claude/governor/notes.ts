import { join } from 'node:path';
import type { Machine } from '../../machine/machine.ts';
import type { ProcessIdentity } from '../../machine/processes.ts';
import { authorizeRelease } from '../../ownership/target.ts';
import { stateRoot } from '../../project/paths.ts';

/** What a governor has stopped, written down before it stops it: whoever finds it continues it, when that governor is gone. */
interface Notes {
  governor: ProcessIdentity;
  /** In which these numbers mean something. */
  bootId: string;
  pidNamespace: string;
  stopped: ProcessIdentity[];
}

type NotesMachine = Pick<Machine, 'files' | 'processes' | 'home'>;

const folderOf = ({ home }: NotesMachine): string => join(stateRoot(home), 'governors');

/** The notes of this process: `write` comes before the signals, `remove` after the last one. */
export function openNotes(machine: NotesMachine): { write: (stopped: Iterable<ProcessIdentity>) => void; remove: () => void } {
  const folder = folderOf(machine);
  const governor = machine.processes.self();
  const world = machine.processes.world();
  const path = join(folder, `${String(governor.pid)}.json`);
  machine.files.makeFolder(folder, { isPrivate: true });
  return {
    write: (stopped) => {
      const notes: Notes = { governor, ...world, stopped: [...stopped].map(({ pid, start }) => ({ pid, start })) };
      machine.files.writeAtomic(path, JSON.stringify(notes));
    },
    remove: () => {
      machine.files.remove(path);
    },
  };
}

/** Continues what governors that are gone have left stopped; returns how many. About 20 us where there is nothing. */
export function releaseLeftBehind(machine: NotesMachine): number {
  const { files, processes } = machine;
  const folder = folderOf(machine);
  const names = listQuietly(files, folder);
  if (names.length === 0) return 0;
  const { bootId, pidNamespace } = processes.world();
  let released = 0;
  for (const name of names.filter((one) => one.endsWith('.json'))) {
    const path = join(folder, name);
    const notes = readNotes(machine, path);
    const isOfThisBoot = notes?.bootId === bootId;
    // Of a governor in another pid namespace nothing can be seen from here.
    if (isOfThisBoot && (notes.pidNamespace !== pidNamespace || processes.isAlive(notes.governor))) continue;
    if (isOfThisBoot) {
      const left = notes.stopped.filter((identity) => processes.isAlive(identity) && processes.isSuspended(identity));
      processes.signal(left.reverse().map(authorizeRelease), 'SIGCONT');
      released += left.length;
    }
    files.remove(path);
  }
  return released;
}

/** Notes that are not ours to read are of nobody whom we could continue. */
function listQuietly(files: NotesMachine['files'], folder: string): string[] {
  try {
    return files.list(folder);
  } catch {
    return [];
  }
}

function readNotes({ files }: NotesMachine, path: string): Notes | undefined {
  try {
    return JSON.parse(files.readText(path) ?? 'null') as Notes;
  } catch {
    return undefined;
  }
}
