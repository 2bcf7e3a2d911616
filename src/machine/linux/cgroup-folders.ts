import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cgroups, GroupRequest, Groups } from '../cgroups.ts';
import { findGroups, groupFolders, parseLimit } from './cgroup-text.ts';

type Controller = 'memory' | 'pids';

/** One folder to make, what to write into its files, and who is to live in it. */
interface Step {
  folder: string;
  files: Record<string, string>;
  for: keyof Groups | 'nobody';
}

const CONTROLLERS: Controller[] = ['memory', 'pids'];

/**
 * Control groups made below our own, or under version 2 beside it: a group with processes in it can hand no controller down.
 * Source: cgroups(7), "no internal processes". `proc` is /proc.
 */
export function groupsBelow(proc = '/proc'): Cgroups {
  const parentFor = (controller: Controller): { version: 1 | 2; folder: string } | undefined => {
    for (const place of findGroups(read(`${proc}/self/cgroup`), read(`${proc}/self/mountinfo`), controller)) {
      for (const folder of groupFolders(place)) {
        if (handsDown(folder, place.version, controller)) return { version: place.version, folder };
        // Beside a group with a limit of its own, what is started would be free of it.
        if (!isUnlimited(folder)) break;
      }
    }
    return undefined;
  };
  const steps = (request: GroupRequest): Step[] => {
    const memory = request.memoryBytes === undefined ? undefined : parentFor('memory');
    const pids = request.toolPids === undefined ? undefined : parentFor('pids');
    if (memory?.version !== 2 && pids?.version !== 2) return oneEach(request, memory?.folder, pids?.folder);
    const folder = (memory?.version === 2 ? memory : pids)?.folder ?? '';
    const inIt = {
      memoryBytes: memory?.folder === folder ? request.memoryBytes : undefined,
      toolPids: pids?.folder === folder ? request.toolPids : undefined,
    };
    return oneTree({ name: request.name, ...inIt }, folder);
  };
  return {
    plan: (request) => groupsOf(steps(request)),
    open: (request) => groupsOf(steps(request).filter(take)),
    close: (isOver) => {
      for (const parent of new Set(CONTROLLERS.flatMap((controller) => parentFor(controller)?.folder ?? [])))
        for (const name of foldersIn(parent)) if (isOver(name)) removeTree(join(parent, name));
    },
  };
}

function groupsOf(steps: Step[]): Groups {
  const filesFor = (whom: Step['for']) =>
    steps.filter((step) => step.for === whom).map(({ folder }) => join(folder, 'cgroup.procs'));
  const holdsTools = steps.some((step) => step.for === 'joinTools' && 'pids.max' in step.files);
  return { join: filesFor('join'), joinTools: filesFor('joinTools'), holdsTools };
}

/** Version 2 hands a controller only to children of a group that has it in `cgroup.subtree_control`. */
function handsDown(folder: string, version: 1 | 2, controller: Controller): boolean {
  if (!isWritable(folder) || !isWritable(join(folder, 'cgroup.procs'))) return false;
  return version === 1 || read(join(folder, 'cgroup.subtree_control')).trim().split(' ').includes(controller);
}

/** Has it a limit of its own? Those of version 1 that nobody set are huge numbers. */
function isUnlimited(folder: string): boolean {
  const files = ['memory.max', 'memory.high', 'memory.limit_in_bytes', 'pids.max'];
  return files.every((name) => parseLimit(read(join(folder, name))) === undefined);
}

/** Version 1: a hierarchy for each controller. The tools stay in the memory group that we are in. */
function oneEach({ name, memoryBytes, toolPids }: GroupRequest, memory: string | undefined, pids: string | undefined): Step[] {
  const steps: Step[] = [];
  if (memory !== undefined) {
    steps.push({ folder: join(memory, name), files: { 'memory.limit_in_bytes': String(memoryBytes) }, for: 'join' });
    steps.push({ folder: memory, files: {}, for: 'joinTools' });
  }
  if (pids !== undefined) steps.push({ folder: join(pids, name), files: { 'pids.max': String(toolPids) }, for: 'joinTools' });
  return steps;
}

/** Version 2: one group for the program and one for its tools, side by side in one of ours. */
function oneTree({ name, memoryBytes, toolPids }: GroupRequest, parent: string): Step[] {
  const whole = join(parent, name);
  const controllers = [...(memoryBytes === undefined ? [] : ['+memory']), ...(toolPids === undefined ? [] : ['+pids'])].join(' ');
  return [
    { folder: whole, files: { 'cgroup.subtree_control': controllers }, for: 'nobody' },
    {
      folder: join(whole, 'program'),
      files: memoryBytes === undefined ? {} : { 'memory.max': String(memoryBytes) },
      for: 'join',
    },
    { folder: join(whole, 'tools'), files: toolPids === undefined ? {} : { 'pids.max': String(toolPids) }, for: 'joinTools' },
  ];
}

/** Whether the folder is there with all that was to be written. */
function take({ folder, files }: Step): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return true;
  } catch {
    return false;
  }
}

/** The files in a control group go with its folder; with processes in it, it cannot be removed. */
function removeTree(folder: string): void {
  for (const child of foldersIn(folder)) removeTree(join(folder, child));
  try {
    rmdirSync(folder);
  } catch {
    // Somebody lives in it still: the next one that closes groups tries again.
  }
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
