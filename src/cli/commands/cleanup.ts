import { endStuck } from '../../claude/cleanup/end.ts';
import { gatherCleanup, type CleanupFacts } from '../../claude/cleanup/gather.ts';
import { reportCleanup, type CleanupReport } from '../../claude/cleanup/report.ts';
import { fail, ok, type Result } from '../../result.ts';
import { countEnded } from '../../stop/end.ts';
import { describeSurvivor } from '../../stop/survivor.ts';
import { confirm } from '../confirm.ts';
import type { Answer, CommandRun } from '../context.ts';
import { flagDuration, flagSet } from '../flags.ts';
import { renderCleanup } from '../render/cleanup-view.ts';
import { count } from '../render/units.ts';

const QUIET_SECONDS = 600;

/** `devctl cleanup`: Claude Code processes that are stuck, and servers that they have left; ends them after a yes. */
export const run: CommandRun = async (context, _args, flags) => {
  const { machine } = context;
  const olderThan = flagDuration(flags, 'olderThan', '--older-than');
  if (!olderThan.ok) return olderThan;
  const minQuietSeconds = olderThan.value === undefined ? QUIET_SECONDS : olderThan.value / 1000;
  const isQuiet = flagSet(flags, 'quiet');
  const found = await gatherCleanup(machine, minQuietSeconds);
  const processes = reportCleanup(machine, found);
  const text = isQuiet ? '' : renderCleanup(processes);
  const answer = (data: object, words: string): Result<Answer> =>
    ok({ exit: 0, schema: 'devctl.cleanup/1', data: { processes, ...data }, text: isQuiet ? '' : words });
  const meant = processes.filter(({ kind }) => kind !== 'at-work');
  if (meant.length === 0) return answer({}, text);
  if (flagSet(flags, 'dryRun')) return answer({}, `${text}\nNothing was done.`);

  const isForced = flagSet(flags, 'force');
  const confirmed = await confirm(context, {
    question: `${text}\nEnd these ${count(meant.length, 'process', 'processes')}, and what stands below them?`,
    word: 'y',
    action: `end of ${count(meant.length, 'process', 'processes')}`,
    isConfirmed: isForced,
    flag: '--force',
  });
  if (!confirmed.ok) return confirmed;
  // A person may have taken his time: whoever gets on by now is left alone.
  const now = isForced ? found : await gatherCleanup(machine, minQuietSeconds);
  const ended = await endStuck(machine, onlyMeant(now, meant));
  if (ended.left.length > 0)
    return fail({ code: 'SURVIVORS', survivors: ended.left.map((owned) => describeSurvivor(machine, owned)), held: [] });
  const number = countEnded(ended);
  return answer({ ended: number }, `${isForced ? `${text}\n` : ''}Ended ${count(number, 'process', 'processes')}.`);
};

function onlyMeant({ agents, servers, sessions }: CleanupFacts, meant: CleanupReport[]): CleanupFacts {
  const isMeant = ({ process: { pid } }: { process: { pid: number } }) => meant.some((one) => one.pid === pid);
  return { agents: agents.filter(isMeant), servers: servers.filter(isMeant), sessions };
}
