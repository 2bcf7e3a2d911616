import type { CommandEnd } from '../../machine/commands.ts';
import type { Machine } from '../../machine/machine.ts';
import { definedIn } from '../../project/environment.ts';
import { ok, type Result } from '../../result.ts';
import { endHung } from '../governor/end-hung.ts';
import type { GovernorEvent } from '../governor/events.ts';
import { makeGovernor } from '../governor/govern.ts';
import { makeSummary, type GovernorSummary } from '../governor/summary.ts';
import { openLog } from '../telemetry/log.ts';
import { makeMetrics } from '../telemetry/metrics.ts';
import { serveMetrics } from '../telemetry/serve.ts';
import { planLaunch, type LaunchFacts } from './plan.ts';
import { closeGroups } from './prepare.ts';
import { runClaude } from './run.ts';

export interface SuperviseRequest {
  facts: LaunchFacts;
  profile: { maxProcesses: number };
  metricsPort: number | undefined;
  endsHung: boolean;
  cwd: string;
  hasJobControl: boolean;
}

export interface Supervised {
  end: CommandEnd;
  summary: GovernorSummary;
  logPath: string | undefined;
}

/** One launch from its groups to its last line: whatever was made for it is gone when it returns. */
export async function superviseClaude(machine: Machine, request: SuperviseRequest): Promise<Result<Supervised>> {
  const { facts, profile, metricsPort, cwd, hasJobControl } = request;
  const { claude } = facts;
  const metrics = metricsPort === undefined ? undefined : await makeMetrics({ version: claude.version ?? '', kind: claude.kind });
  const server = metrics && metricsPort !== undefined ? await serveMetrics(metrics, metricsPort) : undefined;
  if (server && !server.ok) return server;

  const plan = planLaunch({ ...facts, groups: machine.cgroups.open(facts.group) });
  const { summary, onEvent } = makeSummary();
  const log = openLog(machine);
  log.write('launch', { claude: claude.path, version: claude.version, kind: claude.kind, maxProcesses: profile.maxProcesses });
  const tellAll = (event: GovernorEvent) => {
    onEvent(event);
    log.onEvent(event);
    metrics?.onEvent(event);
  };
  try {
    const end = await runClaude(machine, {
      file: plan.file,
      args: plan.args,
      cwd,
      env: { ...definedIn(machine.env), ...Object.fromEntries(plan.settings.map(({ name, value }) => [name, value])) },
      hasJobControl,
      governor:
        profile.maxProcesses === 0
          ? undefined
          : (agent) =>
              makeGovernor(machine, {
                agent,
                limit: profile.maxProcesses,
                onEvent: tellAll,
                endHung: request.endsHung ? (hung) => endHung(machine, hung) : undefined,
              }),
      onGovernorFailed: (error) => {
        summary.failure = error instanceof Error ? error.message : String(error);
        log.write('governor-failed', { error: summary.failure });
      },
    });
    log.write('end', { ...end });
    return ok({ end, summary, logPath: await log.close() });
  } finally {
    server?.value.close();
    closeGroups(machine);
  }
}
