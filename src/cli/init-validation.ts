import { lookAround } from '../init/facts.ts';
import { HOOK, makeValidationEdits } from '../init/validation.ts';
import type { Project } from '../project/project.ts';
import type { Result } from '../result.ts';
import { carryOutEdits } from './carry-out.ts';
import type { Answer, Context, Flags } from './context.ts';

/** `devctl init --validate`: a pre-commit hook and a workflow that run `devctl validate`. */
export async function initValidation(context: Context, { root }: Project, flags: Flags): Promise<Result<Answer>> {
  const facts = await lookAround(context.machine, root, () => Promise.resolve(undefined));
  const hasHusky = /"husky"\s*:/.test(facts.texts.get('package.json') ?? '');
  return carryOutEdits(context, flags, makeValidationEdits(facts), {
    root,
    there: 'The hook and the workflow are there already.',
    done: hasHusky
      ? 'Next: devctl validate'
      : `Next: git config core.hooksPath .husky   so that git runs ${HOOK}; devctl validate`,
    removed: 'What init had put in is out again.',
  });
}
