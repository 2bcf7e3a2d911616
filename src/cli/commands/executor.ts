import { performMock } from '../../orchestrator/executors/mock.ts';
import { healthOf } from '../../orchestrator/http/health.ts';
import { makeRequestMetrics } from '../../orchestrator/http/metrics.ts';
import { serveOrchestrator } from '../../orchestrator/http/serve.ts';
import { BREAKER_LIMITS } from '../../orchestrator/hub/breaker.ts';
import { inFolder, type FindWorkplace } from '../../orchestrator/workplace/workplace.ts';
import { fail, ok, type Result } from '../../result.ts';
import type { CommandRun, Context } from '../context.ts';
import { redisChoice } from '../executors.ts';
import { flagPort } from '../flags.ts';
import { performForOthers, watchOver } from '../performer.ts';
import { untilSignals } from '../until-signals.ts';

/** The seeds' settings: their names and what they are by default. */
const SETTINGS = { CLAUDE_MAX_CONCURRENT: 5, CLAUDE_TIMEOUT: 60_000, CLAUDE_MAX_FAILURES: BREAKER_LIMITS.failures } as const;
/** So many requests may wait; the seeds want to hear of more than 50. */
const MAX_QUEUED = 50;

/** `devctl executor --redis URL`: runs prompts for callers who cannot spawn anything themselves. */
export const run: CommandRun = async (context, _args, flags) => {
  const { machine } = context;
  const choice = redisChoice(machine.env, flags);
  if (!choice.ok) return choice;
  const port = flagPort(flags, 'http', '--http');
  if (!port.ok) return port;
  const settings = readSettings(machine.env);
  if (!settings.ok) return settings;
  const { CLAUDE_MAX_CONCURRENT: maxConcurrent, CLAUDE_TIMEOUT: maxTimeoutMs, CLAUDE_MAX_FAILURES: failures } = settings.value;
  const { newWorkerId, serveRequests } = await import('../../lazy/redis.ts');
  const performer = newWorkerId();
  const isMock = machine.env['MOCK_CLAUDE'] === 'true';
  const perform = isMock
    ? ok(performMock(machine.env))
    : await performForOthers(machine, { performer, name: 'executor', findWorkplace: () => inPlace(context) });
  if (!perform.ok) return perform;
  const cli: { state: 'accessible' | 'inaccessible' | 'not used' } = { state: isMock ? 'not used' : 'accessible' };
  // Before it can have anything to leave.
  const watchdog = watchOver(machine, performer);
  const served = await serveRequests({
    url: choice.value.url,
    ...{ maxConcurrent, maxTimeoutMs, maxQueued: MAX_QUEUED },
    breaker: { ...BREAKER_LIMITS, failures },
    perform: perform.value,
    metrics: makeRequestMetrics,
    onEnd: (id, outcome) => {
      if (!isMock) cli.state = outcome.kind === 'failed' && outcome.failure.class === 'no-claude' ? 'inaccessible' : 'accessible';
      context.say(
        `${outcome.kind.padEnd(7)} ${id}${outcome.kind === 'failed' ? `  ${outcome.failure.message.split('\n')[0] ?? ''}` : ''}\n`,
      );
    },
  });
  if (!served.ok) {
    watchdog.dismiss();
    return served;
  }
  const { server, isConnected, drain } = served.value;
  const { metrics } = server;
  const http =
    port.value === undefined
      ? undefined
      : await serveOrchestrator(port.value, {
          health: () =>
            healthOf({
              redis: isConnected() ? 'connected' : 'disconnected',
              claudeCLI: cli.state,
              breaker: server.present().breaker,
              activeRequests: server.present().active,
              totals: metrics.totals(),
            }),
          metrics,
          listen: () => () => undefined,
        });
  if (http && !http.ok) {
    await drain();
    watchdog.dismiss();
    return http;
  }
  context.say(`devctl executor answers up to ${String(maxConcurrent)} requests at once; Ctrl-C ends it when they are done\n`);
  const signal = await untilSignals({
    ignored: machine.commands.ignored,
    onFirst: drain,
    onSecond: () => {
      server.endAll();
    },
  });
  watchdog.dismiss();
  http?.value.close();
  return ok({ exit: signal === 'SIGINT' ? 130 : 0, schema: 'devctl.executor/1', data: {}, text: '', isPrinted: true });
};

function readSettings(env: Record<string, string | undefined>): Result<Record<keyof typeof SETTINGS, number>> {
  const read: Record<keyof typeof SETTINGS, number> = { ...SETTINGS };
  for (const name of Object.keys(SETTINGS) as (keyof typeof SETTINGS)[]) {
    const text = env[name];
    if (text === undefined || text === '') continue;
    if (!/^[1-9]\d*$/.test(text))
      return fail({ code: 'USAGE', what: `${name} "${text}" is no number above 0`, fix: [`${name}=${String(SETTINGS[name])}`] });
    read[name] = Number(text);
  }
  return ok(read);
}

/** In the folder that a request names, or in the executor's own. */
function inPlace({ machine, cwd }: Context): FindWorkplace {
  return ({ task }) => Promise.resolve(inFolder(machine.files, task.cwd ?? cwd));
}
