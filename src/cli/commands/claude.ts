import { findClaude } from '../../claude/install/find.ts';
import { describeLogin } from '../../claude/install/login.ts';
import { bypassFlag } from '../../claude/launch/bypass.ts';
import { examineClaude } from '../../claude/launch/examine.ts';
import { superviseClaude } from '../../claude/launch/supervise.ts';
import { planLaunch, type LaunchFacts } from '../../claude/launch/plan.ts';
import { prepareLaunch } from '../../claude/launch/prepare.ts';
import { ok, type Result } from '../../result.ts';
import { readClaudeFlags } from '../claude-flags.ts';
import type { Answer, CommandRun } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { notice } from '../notice.ts';
import { renderKill, renderLaunch, renderSummary } from '../render/claude-view.ts';
import { renderFindings } from '../render/findings-view.ts';

const answer = (exit: number, text: string): Result<Answer> =>
  ok({ exit, schema: 'devctl.claude/1', data: {}, text, isPrinted: text === '' });

/** `devctl claude`: Claude Code in our place, with what its version obeys, and governed. */
export const run: CommandRun = async (context, args, flags) => {
  const { machine } = context;
  const asked = await readClaudeFlags(context, flags);
  if (!asked.ok) return asked;
  const found = await findClaude(machine);
  if (!found.ok) return found;
  const claude = found.value;
  const facts = await prepareLaunch(machine, { claude, args, ...asked.value, platform: process.platform });
  if (asked.value.show === 'findings') return examine(facts, describeLogin(machine));
  if (asked.value.show === 'plan')
    return answer(EXIT.OK, renderLaunch(claude, planLaunch(facts), asked.value.profile.maxProcesses));

  const bypass = bypassFlag(args);
  if (
    bypass !== undefined &&
    (await notice(context, `Claude Code runs every tool without asking (${bypass}).`)) === 'interrupted'
  )
    return answer(128 + 2, '');
  const ended = await superviseClaude(machine, {
    ...asked.value,
    facts,
    cwd: context.cwd,
    hasJobControl: context.terminal.canAsk,
  });
  if (!ended.ok) return ended;
  const { end, summary, logPath } = ended.value;
  const lines = [renderSummary(summary, logPath), end.kind === 'ended' ? renderKill(end.code, facts.ceiling) : undefined];
  for (const line of lines) if (line !== undefined) context.say(`${line}\n`);
  if (end.kind === 'ended') return answer(end.code, '');
  context.say(`devctl claude: ${claude.path}: ${end.reason}\n`);
  return answer(end.reason === 'not executable' ? 126 : 127, '');
};

function examine(facts: LaunchFacts, login: string | undefined): Result<Answer> {
  const { claude, ceiling, groups } = facts;
  return answer(
    EXIT.OK,
    renderFindings(examineClaude({ claude, plan: planLaunch(facts), ceiling, login, hasFuse: groups.holdsTools })),
  );
}
