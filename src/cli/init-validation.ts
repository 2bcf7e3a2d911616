import { lookAround } from '../init/facts.ts';
import { readOne } from '../init/apply.ts';
import { planInit, planRemove } from '../init/plan.ts';
import { HOOK, makeValidationEdits } from '../init/validation.ts';
import type { Project } from '../project/project.ts';
import { fail, type Result } from '../result.ts';
import { carryOut } from './carry-out.ts';
import type { Answer, Context, Flags } from './context.ts';
import { flagSet } from './flags.ts';

/** `devctl init --validate`: a pre-commit hook and a workflow that run `devctl validate`. */
export async function initValidation(context: Context, { root }: Project, flags: Flags): Promise<Result<Answer>> {
  const { files } = context.machine;
  const facts = await lookAround(context.machine, root, () => Promise.resolve(undefined));
  const edits = makeValidationEdits(facts);
  const read = (file: string) => readOne(files, root, file);
  const isRemoving = flagSet(flags, 'remove');
  const plan = isRemoving ? planRemove(edits, read, []) : planInit(edits, read);
  if (!plan.ok) return fail({ code: 'FILE_INVALID', problems: plan.failure });
  const hasHusky = /"husky"\s*:/.test(facts.texts.get('package.json') ?? '');
  return carryOut(context, flags, plan.value, {
    root,
    known: [],
    beforeWriting: () => undefined,
    afterWriting: () => undefined,
    words: isRemoving
      ? { nothing: 'There is nothing that init has put in here.', done: 'What init had put in is out again.' }
      : {
          nothing: 'The hook and the workflow are there already.',
          done: hasHusky
            ? 'Next: devctl validate'
            : `Next: git config core.hooksPath .husky   so that git runs ${HOOK}; devctl validate`,
        },
  });
}
