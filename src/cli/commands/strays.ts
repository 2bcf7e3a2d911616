import type { ProcessIdentity } from '../../machine/processes.ts';
import type { Stray } from '../../ownership/session-mark.ts';
import { fail, ok, type Result } from '../../result.ts';
import { countEnded } from '../../stop/end.ts';
import { describeSurvivor } from '../../stop/survivor.ts';
import { lookForStrays } from '../../strays/gather.ts';
import { reportStrays, type StrayReport } from '../../strays/report.ts';
import { endStrays } from '../../strays/sweep.ts';
import type { Answer, CommandRun, Context } from '../context.ts';
import { flagDuration, flagSet } from '../flags.ts';
import { renderStrays } from '../render/strays-view.ts';

/** `devctl strays [pids...]`: what agents' sessions have left behind; `--end` ends it. */
export const run: CommandRun = async (context, args, flags) => {
  const olderThan = flagDuration(flags, 'olderThan', '--older-than');
  if (!olderThan.ok) return olderThan;
  const found = lookForStrays(context.machine);
  const chosen = choose(args, reportStrays(context.machine, found), (olderThan.value ?? 0) / 1000);
  if (!chosen.ok) return chosen;
  const strays = chosen.value;
  if (flagSet(flags, 'end'))
    return end(context, found, args.length > 0 ? strays : strays.filter(({ kind }) => kind !== 'shielded'));
  return ok({ exit: 0, schema: 'devctl.strays/1', data: { strays }, text: renderStrays(strays) });
};

function choose(args: string[], found: StrayReport[], minSeconds: number): Result<StrayReport[]> {
  const wrong = args.find((word) => !found.some(({ pid }) => String(pid) === word));
  if (wrong !== undefined)
    return fail({
      code: 'USAGE',
      what: `"${wrong}" is the pid of no stray`,
      why: 'only what a session that is over has left behind is ended here',
      fix: ['devctl strays'],
    });
  return ok(found.filter(({ pid, ageSeconds }) => (args.length === 0 || args.includes(String(pid))) && ageSeconds >= minSeconds));
}

async function end({ machine }: Context, found: Stray[], chosen: StrayReport[]): Promise<Result<Answer>> {
  const pids = new Set(chosen.map(({ pid }) => pid));
  const meant = found.map(({ process }) => process).filter(({ pid }) => pids.has(pid));
  const isSame = (one: ProcessIdentity) => (other: ProcessIdentity) => other.pid === one.pid && other.start === one.start;
  // What they start meanwhile goes with them; whoever was there before and was not chosen stays.
  const isMeant = ({ process, kind }: Stray) =>
    meant.some(isSame(process)) ||
    (kind !== 'shielded' && meant.some(({ pid }) => pid === process.ppid) && !found.some((old) => isSame(process)(old.process)));
  const ended = await endStrays(machine, isMeant);
  if (ended.left.length > 0)
    return fail({ code: 'SURVIVORS', survivors: ended.left.map((owned) => describeSurvivor(machine, owned)), held: [] });
  const count = countEnded(ended);
  return ok({
    exit: 0,
    schema: 'devctl.strays/1',
    data: { strays: chosen, ended: count },
    text: [...(chosen.length > 0 ? [renderStrays(chosen)] : []), `Ended ${String(count)}.`].join('\n'),
  });
}
