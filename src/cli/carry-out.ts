import { applyChanges, readOne } from '../init/apply.ts';
import type { Edit } from '../init/edits.ts';
import { planInit, planRemove, type Change, type Remembered } from '../init/plan.ts';
import { fail, ok, type Result } from '../result.ts';
import { confirm } from './confirm.ts';
import type { Answer, Context, Flags } from './context.ts';
import { flagSet } from './flags.ts';
import { renderChanges } from './render/init-view.ts';

/** Where the files stand, and what goes with writing them. */
export interface Place {
  root: string;
  known: Remembered[];
  beforeWriting: () => void;
  afterWriting: () => void;
  words: { nothing: string; done: string };
}

/** Changes of files, after a diff and a yes; none of them is written where one was changed meanwhile. */
export async function carryOut(context: Context, flags: Flags, changes: Change[], place: Place): Promise<Result<Answer>> {
  const { files } = context.machine;
  const { root, known, words } = place;
  const isRemoving = flagSet(flags, 'remove');
  const data = { root, changes: changes.map(({ file, before, after }) => ({ file, kind: kindOf(before, after) })) };
  if (changes.length === 0) return ok({ exit: 0, schema: 'devctl.init/1', data, text: words.nothing });
  const text = await renderChanges(changes);
  if (flagSet(flags, 'dryRun')) return ok({ exit: 0, schema: 'devctl.init-plan/1', data, text: `${text}\nNothing was written.` });
  const confirmed = await confirm(context, {
    question: `${text}\n${isRemoving ? 'Take this out of' : 'Write this to'} ${String(changes.length)} file(s)?`,
    word: 'yes',
    action: `${isRemoving ? 'the removal from' : 'the change of'} ${changes.map(({ file }) => file).join(', ')}`,
    isConfirmed: flagSet(flags, 'yes'),
  });
  if (!confirmed.ok) return confirmed;
  const meanwhile = changes.filter(({ file, before }) => {
    const now = readOne(files, root, file);
    return !now.ok || now.value !== before;
  });
  if (meanwhile.length > 0)
    return fail({
      code: 'FILE_INVALID',
      problems: meanwhile.map(({ file }) => ({
        place: { file, line: 1, column: 1 },
        what: 'it was changed meanwhile; nothing was written',
      })),
    });
  place.beforeWriting();
  applyChanges(files, root, changes, known);
  place.afterWriting();
  const told = { made: 'wrote', changed: 'changed', removed: 'removed' };
  return ok({
    exit: 0,
    schema: 'devctl.init/1',
    data,
    text: [...changes.map(({ file, before, after }) => `${told[kindOf(before, after)]} ${file}`), words.done].join('\n'),
  });
}

/** The same of files that are wholly init's, or marked: what they were before need not be known. */
export function carryOutEdits(
  context: Context,
  flags: Flags,
  edits: Edit[],
  { root, there, done, removed }: { root: string; there: string; done: string; removed: string },
): Promise<Result<Answer>> {
  const isRemoving = flagSet(flags, 'remove');
  const read = (file: string) => readOne(context.machine.files, root, file);
  const plan = isRemoving ? planRemove(edits, read, []) : planInit(edits, read);
  if (!plan.ok) return Promise.resolve(fail({ code: 'FILE_INVALID', problems: plan.failure }));
  return carryOut(context, flags, plan.value, {
    root,
    known: [],
    beforeWriting: () => undefined,
    afterWriting: () => undefined,
    words: isRemoving ? { nothing: 'There is nothing that init has put in here.', done: removed } : { nothing: there, done },
  });
}

function kindOf(before: string | undefined, after: string | undefined): 'made' | 'changed' | 'removed' {
  return before === undefined ? 'made' : after === undefined ? 'removed' : 'changed';
}
