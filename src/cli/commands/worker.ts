import { performMock } from '../../orchestrator/executors/mock.ts';
import { gitOf } from '../../orchestrator/workplace/git.ts';
import { remoteWorkplaces } from '../../orchestrator/workplace/remote.ts';
import { ok } from '../../result.ts';
import type { CommandRun } from '../context.ts';
import { chooseExecutor, defaultConcurrency, redisChoice } from '../executors.ts';
import { flagCount } from '../flags.ts';
import { formatUsd } from '../render/orchestrate-view.ts';
import { formatSeconds } from '../render/units.ts';
import { performForOthers, watchOver } from '../performer.ts';
import { untilSignals } from '../until-signals.ts';

/** `devctl worker --redis URL`: carries out the tasks of any hub, until it is told to end. */
export const run: CommandRun = async (context, _args, flags) => {
  const { machine, version } = context;
  const choice = redisChoice(machine.env, flags);
  if (!choice.ok) return choice;
  const typed = flagCount(flags, 'concurrency', '--concurrency', 1);
  if (!typed.ok) return typed;
  const chosen = chooseExecutor(context, {});
  const isMock = chosen.ok && chosen.value.kind === 'mock';
  const concurrency = typed.value ?? defaultConcurrency(context, { kind: isMock ? 'mock' : 'direct' });
  const { newWorkerId, serveTasks } = await import('../../lazy/redis.ts');
  const worker = newWorkerId();
  const perform = isMock
    ? ok(performMock(machine.env))
    : await performForOthers(machine, {
        performer: worker,
        name: 'worker',
        findWorkplace: (folder) => remoteWorkplaces(machine, gitOf(machine), folder),
      });
  if (!perform.ok) return perform;
  const say = (text: string) => {
    context.say(`${text}\n`);
  };
  const { url, queue } = choice.value;
  // Before it can have anything to leave.
  const watchdog = watchOver(machine, worker);
  const server = await serveTasks({
    ...{ url, queue, concurrency, worker, say },
    devctl: version,
    perform: perform.value,
    onBegin: ({ task }) => {
      say(`begins    ${task.id}`);
    },
    onEnd: ({ task }, outcome) => {
      const how =
        outcome.kind === 'failed'
          ? `failed    ${task.id}  ${outcome.failure.message.split('\n')[0] ?? ''}`
          : `${outcome.kind.padEnd(9)} ${task.id}`;
      say(`${how}  ${formatSeconds(outcome.usage.durationMs / 1000)}, ${formatUsd(outcome.usage.costUsd)}`);
    },
  });
  if (!server.ok) {
    watchdog.dismiss();
    return server;
  }
  say(`devctl worker takes up to ${String(concurrency)} tasks at once from ${queue}; Ctrl-C ends it when they are done`);
  const signal = await untilSignals({
    ignored: machine.commands.ignored,
    onFirst: () => {
      say('takes no more tasks; those that run come to their end (Ctrl-C once more gives them back)');
      return server.value.drain().then((isIdle) => {
        if (isIdle) watchdog.dismiss();
      });
    },
    onSecond: () => {
      server.value.endAll();
    },
  });
  return ok({ exit: signal === 'SIGINT' ? 130 : 0, schema: 'devctl.worker/1', data: {}, text: '', isPrinted: true });
};
