import { applyChanges, readOne } from '../init/apply.ts';
import type { Change, Remembered } from '../init/plan.ts';
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

function kindOf(before: string | undefined, after: string | undefined): 'made' | 'changed' | 'removed' {
  return before === undefined ? 'made' : after === undefined ? 'removed' : 'changed';
}
