import { fail, ok, type Result } from '../../result.ts';
import { gatherStatus } from '../../status/gather.ts';
import type { Goal } from '../../wait/goal.ts';
import { waitForGoal } from '../../wait/wait.ts';
import type { Failure } from '../../failure.ts';
import type { CommandRun, Context, Flags } from '../context.ts';
import { flagDuration, flagText } from '../flags.ts';
import { renderStatus, statusData } from '../render/status-view.ts';
import { formatSeconds } from '../render/units.ts';
import { compilePattern, whilePatternHolds } from '../pattern.ts';
import { load, open } from '../request.ts';
import { currentRecord, type OpenedProject } from '../../project/open.ts';
import { answersTo, unknownService } from '../../project/resolve.ts';

const DEFAULT_TIMEOUT_MS = 60_000;

/** `devctl wait [service]`: until it is as it is wanted, with its state, or the lines that say why it is not. */
export const run: CommandRun = async (context, [service], flags) => {
  const goal = parseGoal(flags);
  if (!goal.ok) return goal;
  const timeout = flagDuration(flags, 'timeout', '--timeout');
  if (!timeout.ok) return timeout;
  const opened = open(context, flags);
  if (!opened.ok) return opened;
  const { machine } = context;
  const { project } = opened.value;
  const unknown = await findUnknown(context, opened.value, service, flags);
  if (unknown) return fail(unknown);
  const timeoutMs = timeout.value ?? DEFAULT_TIMEOUT_MS;
  const waited = await whilePatternHolds('--for', () => waitForGoal(machine, project, { goal: goal.value, service, timeoutMs }));
  if (!waited.ok) return waited;
  const now = { project, record: currentRecord(machine, project), notes: [] };
  const status = await gatherStatus(machine, now, () => load(context, flags, now, {}));
  if (!status.ok) return status;
  const { seconds, match, notes } = waited.value;
  return ok({
    exit: 0,
    schema: 'devctl.wait/1',
    data: {
      for: flagText(flags, 'for') ?? 'ready',
      seconds,
      ...(match ? { match } : {}),
      notes,
      status: statusData(status.value),
    },
    text: [
      ...(match ? [`${match.service} | ${match.line}`] : []),
      renderStatus(status.value),
      ...notes.map((note) => `note: ${note}`),
      `Waited ${formatSeconds(seconds)}.`,
    ].join('\n'),
  });
};

/** A wrong name is never "nothing is running": where nothing is, the definitions are asked. */
async function findUnknown(
  context: Context,
  opened: OpenedProject,
  service: string | undefined,
  flags: Flags,
): Promise<Failure | undefined> {
  if (service === undefined || (opened.record && !opened.record.ended)) return undefined;
  const definitions = await load(context, flags, opened, {});
  if (!definitions.ok) return definitions.failure;
  const { services } = definitions.value;
  return services.some((one) => answersTo(one, service))
    ? undefined
    : unknownService(
        service,
        services.map(({ name }) => name),
      );
}

function parseGoal(flags: Flags): Result<Goal> {
  const word = flagText(flags, 'for') ?? 'ready';
  if (word === 'ready' || word === 'stopped' || word === 'exit') return ok({ kind: word });
  const text = /^log:(.+)$/s.exec(word)?.[1];
  if (text === undefined)
    return fail({
      code: 'USAGE',
      what: `--for "${word}" cannot be waited for`,
      why: 'it is none of ready, stopped, exit, log:REGEX',
      fix: ['--for ready', "--for 'log:listening on'"],
    });
  const pattern = compilePattern(text, '--for');
  return pattern.ok ? ok({ kind: 'log', pattern: pattern.value }) : pattern;
}
