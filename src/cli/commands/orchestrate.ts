import { join, resolve } from 'node:path';
import type { Hub } from '../../orchestrator/hub/hub.ts';
import { notify } from '../../orchestrator/notify.ts';
import { outputPaths } from '../../orchestrator/output/outputs.ts';
import { runTasks, type RunAnswer } from '../../orchestrator/run-tasks.ts';
import type { TaskFile } from '../../orchestrator/tasks/task.ts';
import { lockHolder } from '../../project/lock.ts';
import { fail, ok, type Result } from '../../result.ts';
import type { Answer, CommandRun, Context } from '../context.ts';
import { defaultConcurrency, openExecutor, tasksForOthers } from '../executors.ts';
import { EXIT } from '../exit-codes.ts';
import { flagSet, flagText } from '../flags.ts';
import { notice } from '../notice.ts';
import { readOrchestrateFlags, type OrchestrateFlags } from '../orchestrate-flags.ts';
import { httpFace } from '../orchestrate-http.ts';
import { chooseOnlooker, DRAINING, tellAll } from '../orchestrate-watchers.ts';
import { renderRun, renderTaskPlan } from '../render/orchestrate-view.ts';
import { loadTaskFile } from '../task-file.ts';
import { hearSignals, SIGNAL_NUMBERS, type EndSignal, type SignalEar } from '../until-signals.ts';

const RAMP_MS = 200;

/** `devctl orchestrate FILE` */
export const run: CommandRun = async (context, [name = ''], flags) => {
  const wish = readOrchestrateFlags(context, flags);
  if (!wish.ok) return wish;
  const loaded = await loadTaskFile(context, name);
  if (!loaded.ok) return loaded;
  const { executor } = wish.value;
  const folder = resolve(context.cwd, loaded.value.outputDir);
  const cancelled = flagText(flags, 'cancel');
  if (cancelled !== undefined) return cancel(context, folder, loaded.value, cancelled);
  const prepared = executor.kind === 'redis' ? await tasksForOthers(context, loaded.value) : loaded;
  if (!prepared.ok) return prepared;
  const file = prepared.value;
  const concurrency = wish.value.concurrency ?? file.concurrency ?? defaultConcurrency(context, executor);
  if (flagSet(flags, 'dryRun'))
    return ok({
      exit: EXIT.OK,
      schema: 'devctl.orchestrate-plan/1',
      data: { concurrency, executor: executor.kind, outputFolder: folder, tasks: file.tasks },
      text: renderTaskPlan(file, { concurrency, folder, executor: executor.kind }),
    });
  if (file.dangerouslySkipPermissions && executor.kind !== 'mock') {
    const said = 'Every task runs every tool without asking (dangerouslySkipPermissions).';
    if ((await notice(context, said)) === 'interrupted') return ok({ ...INTERRUPTED, exit: 130 });
  }
  return work(context, { name, file, folder, concurrency, wish: wish.value });
};

const INTERRUPTED: Answer = { exit: 130, schema: 'devctl.orchestrate/1', data: {}, text: '' };

interface Work {
  name: string;
  file: TaskFile;
  folder: string;
  concurrency: number;
  wish: OrchestrateFlags;
}

async function work(context: Context, { name, file, folder, concurrency, wish }: Work): Promise<Result<Answer>> {
  const { machine, cwd, version } = context;
  const onlooker = await chooseOnlooker(context);
  const face = wish.httpPort === undefined ? undefined : await httpFace(context, wish.httpPort, wish.executor.kind);
  if (face && !face.ok) return face;
  const signals = obeySignals(context);
  const ran = await runTasks(machine, {
    ...{ name, file, cwd, version, concurrency },
    outputFolder: folder,
    intent: wish.intent,
    rampMs: wish.executor.kind === 'direct' ? RAMP_MS : 0,
    openExecutor: (paths) => openExecutor(context, wish.executor, paths),
    watcher: face ? tellAll([onlooker, face.value.watcher]) : onlooker,
    onHub: (hub, paths) => {
      face?.value.attach(hub, paths);
      onlooker.begin(hub);
      signals.attach(hub);
      return () => {
        onlooker.end();
        // What comes now (branches, a word to somebody) ends as any program does.
        signals.ear.stop();
      };
    },
  }).finally(() => face?.value.close());
  if (!ran.ok) return ran;
  const untold = file.notify && (await notify(machine, file.notify, ran.value.stats, outputPaths(folder).stats));
  if (untold !== undefined) context.say(`${untold}\n`);
  return answer(ran.value, {
    folder,
    resume: `devctl orchestrate ${name} --resume`,
    signal: SIGNAL_NUMBERS[signals.ear.last() ?? 'SIGINT'],
  });
}

function answer(
  { end, stats }: RunAnswer,
  { folder, resume, signal }: { folder: string; resume: string; signal: number },
): Result<Answer> {
  const { completed: done, total, failed, skipped, cancelled } = stats.tasks;
  if (end.kind === 'halted')
    return fail({
      code: 'HALTED',
      why: end.failure.message,
      cause: end.failure.class === 'auth' ? 'auth' : 'no-claude',
      done,
      total,
      resume,
    });
  const text = renderRun(stats, folder);
  const base = { schema: 'devctl.orchestrate/1', data: stats };
  if (end.kind === 'interrupted') return ok({ ...base, exit: 128 + signal, text: `${text}\nto go on: ${resume}` });
  const isGood = failed + skipped + cancelled === 0;
  const again = isGood ? '' : `\nonce more: ${resume.replace('--resume', '--retry-failed')}`;
  return ok({ ...base, exit: isGood ? EXIT.OK : EXIT.NOT_ACHIEVED, text: `${text}${again}` });
}

/** Asks the devctl that is at work there. */
function cancel({ machine }: Context, folder: string, { tasks }: TaskFile, id: string): Result<Answer> {
  const { lock, cancels } = outputPaths(folder);
  if (!tasks.some((task) => task.id === id))
    return fail({ code: 'USAGE', what: `There is no task "${id}"`, fix: ['devctl orchestrate FILE --dry-run'] });
  if (lockHolder(machine, lock) !== 'alive')
    return fail({ code: 'USAGE', what: `No devctl is at work in ${folder}`, fix: ['devctl orchestrate FILE --resume'] });
  machine.files.makeFolder(cancels, { isPrivate: true });
  machine.files.writePrivate(join(cancels, id), '');
  return ok({ exit: EXIT.OK, schema: 'devctl.orchestrate-cancel/1', data: { task: id }, text: `asked for the end of ${id}` });
}

/** Ctrl-C lets what runs come to its end, a second one ends it; TERM and HUP end it at once. */
function obeySignals({ machine, terminal, json, say }: Context): { ear: SignalEar; attach: (hub: Hub) => void } {
  const early: EndSignal[] = [];
  let hub: Hub | undefined;
  const obey = (signal: EndSignal) => {
    if (!hub) {
      early.push(signal);
      return;
    }
    const phase = hub.interrupt();
    if (phase !== 'draining') return;
    if (signal !== 'SIGINT') hub.interrupt();
    // A table says it by itself.
    else if (!terminal.isWatched || json) say(`${DRAINING}\n`);
  };
  const ear = hearSignals(machine.commands.ignored, obey);
  return {
    ear,
    attach: (given) => {
      hub = given;
      early.splice(0).forEach(obey);
    },
  };
}
