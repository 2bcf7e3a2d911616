import type { Problem } from '../failure.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Edit, Origin } from './edits.ts';

/** One file as it is, and as it would be; `undefined`: it is not there. */
export interface Change {
  file: string;
  before: string | undefined;
  after: string | undefined;
}

/** What init remembers of a file that it has changed: while nobody touches it, it can be put back to the byte. */
export interface Remembered extends Change {
  /** Its folder was made for it. */
  madeFolder?: boolean;
}

/** What stands in a file now; a problem where that is no text. */
export type ReadNow = (file: string) => Result<string | undefined, Problem>;

/** What only init writes: its marks, and the first line of its own files. */
const TRACE = /^(?:# |<!-- )devctl: begin|^# Written by devctl init \(/m;

/** What init would write. All problems are told, and then nothing is written. Pure. */
export function planInit(edits: Edit[], read: ReadNow): Result<Change[], Problem[]> {
  return collect(edits, read, (edit, text) => edit.put(text));
}

/**
 * What `--remove` would write: a file that nobody has touched since is put back as it was. Where init is not remembered,
 * and none of its marks stands anywhere, what is there is a person's own. Pure.
 */
export function planRemove(edits: Edit[], read: ReadNow, remembered: Remembered[]): Result<Change[], Problem[]> {
  const hasTrace = ({ file }: Edit) => {
    const text = read(file);
    return text.ok && text.value !== undefined && TRACE.test(text.value);
  };
  if (remembered.length === 0 && !edits.some(hasTrace)) return ok([]);
  return collect(edits, read, (edit, text) => {
    if (text === undefined) return ok(undefined);
    const known = remembered.find(({ file }) => file === edit.file);
    return known?.after === text ? ok(known.before) : edit.take(text, originOf(known));
  });
}

function originOf(known: Remembered | undefined): Origin {
  return known ? { kind: 'known', text: known.before } : { kind: 'unknown' };
}

function collect(
  edits: Edit[],
  read: ReadNow,
  next: (edit: Edit, text: string | undefined) => Result<string | undefined, Problem>,
): Result<Change[], Problem[]> {
  const changes: Change[] = [];
  const problems: Problem[] = [];
  for (const edit of edits) {
    const before = read(edit.file);
    const after = before.ok ? next(edit, before.value) : before;
    if (!before.ok || !after.ok) problems.push(...[before, after].flatMap((one) => (one.ok ? [] : [one.failure])).slice(0, 1));
    else if (after.value !== before.value) changes.push({ file: edit.file, before: before.value, after: after.value });
  }
  return problems.length > 0 ? fail(problems) : ok(changes);
}

/** What is to be remembered after these changes. Of a file that was changed before, the text from before that counts. Pure. */
export function remember(changes: Change[], known: Remembered[], edits: Edit[]): Remembered[] {
  const touched = changes.map(({ file, before, after }): Remembered => {
    const old = known.find((one) => one.file === file);
    const edit = edits.find((one) => one.file === file);
    if (old?.after === before && old) return { ...old, after };
    if (!old && edit?.isMarked !== true) return { file, before, after };
    const taken = before === undefined ? undefined : edit?.take(before, originOf(old));
    return { file, before: taken?.ok ? taken.value : before, after };
  });
  return [...known.filter(({ file }) => !changes.some((one) => one.file === file)), ...touched];
}
