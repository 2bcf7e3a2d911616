import type { Failure } from '../failure.ts';
import { count } from './render/units.ts';
import { describeProblem, type Words } from './words.ts';

type OrchestratorFailure = Extract<
  Failure,
  { code: 'TASKS_INVALID' | 'JOURNAL_UNREADABLE' | 'HALTED' | 'NO_REDIS' | 'UNFINISHED_RUN' }
>;

export function wordOrchestratorFailure(failure: OrchestratorFailure): Words {
  switch (failure.code) {
    case 'TASKS_INVALID':
      return {
        what: `The task file has ${count(failure.problems.length, 'error')}`,
        why: failure.problems.flatMap(describeProblem),
        fix: ['devctl orchestrate FILE --dry-run'],
      };
    case 'JOURNAL_UNREADABLE':
      return {
        what: 'The journal of the last run cannot be read',
        why: [`${failure.path}:${String(failure.line)}  ${failure.why}`],
        fix: ['devctl orchestrate FILE --restart   sets it aside and begins anew'],
      };
    case 'HALTED':
      return {
        what: `Stopped: ${failure.cause === 'auth' ? 'Claude Code is not let in' : 'Claude Code cannot be run'}`,
        why: [
          failure.why,
          `${String(failure.done)} of ${count(failure.total, 'task')} are done; everything else was ended and is kept`,
        ],
        fix: [...(failure.cause === 'auth' ? ['claude   and then /login'] : ['devctl claude --doctor']), failure.resume],
      };
    case 'NO_REDIS':
      return {
        what: `Redis does not answer at ${failure.url}`,
        why: [failure.why],
        fix: ['redis-server   starts one here', '--redis redis://HOST:PORT'],
      };
    case 'UNFINISHED_RUN':
      return {
        what: `An unfinished run is in ${failure.folder}`,
        why: [`${String(failure.done)} of ${count(failure.total, 'task')} done`],
        fix: [
          `devctl orchestrate ${failure.file} --resume    goes on with it`,
          `devctl orchestrate ${failure.file} --restart   sets it aside and begins anew`,
        ],
      };
  }
}
