import { ok, type Result } from '../../result.ts';
import { gatherStatus } from '../../status/gather.ts';
import type { StatusReport } from '../../status/report.ts';
import { EXIT } from '../exit-codes.ts';
import type { Answer, CommandRun, Context, Flags } from '../context.ts';
import { flagSet } from '../flags.ts';
import { renderBrief, renderStatus, statusData } from '../render/status-view.ts';
import { load, open } from '../request.ts';

const WATCH_INTERVAL_MS = 1000;

/** `devctl status`, and `devctl` alone. */
export const run: CommandRun = async (context, _args, flags) => {
  if (flagSet(flags, 'watch')) return watch(context, flags);
  const report = await look(context, flags);
  if (!report.ok) return report;
  return ok(toAnswer(report.value, flagSet(flags, 'brief')));
};

async function look(context: Context, flags: Flags): Promise<Result<StatusReport>> {
  const opened = open(context, flags);
  if (!opened.ok) return opened;
  return gatherStatus(context.machine, opened.value, () => load(context, flags, opened.value, {}));
}

function toAnswer(report: StatusReport, brief: boolean): Answer {
  const exit = report.verdict === 'healthy' ? EXIT.OK : report.verdict === 'stopped' ? EXIT.NOT_RUNNING : EXIT.DEGRADED;
  return {
    exit: brief ? EXIT.OK : exit,
    schema: 'devctl.status/1',
    data: statusData(report),
    text: brief ? renderBrief(report) : renderStatus(report),
  };
}

async function watch(context: Context, flags: Flags): Promise<Result<Answer>> {
  const { clock } = context.machine;
  if (!context.terminal.isWatched)
    return { ok: false, failure: { code: 'NEEDS_TERMINAL', command: 'devctl status --watch', instead: 'devctl status' } };
  const { createLogUpdate } = await import('../../lazy/log-update.ts');
  const draw = createLogUpdate(process.stdout);
  while (!context.isReaderGone()) {
    const report = await look(context, flags);
    if (!report.ok) return report;
    if (context.json)
      context.print(`${JSON.stringify({ schema: 'devctl.status/1', ok: true, data: statusData(report.value) })}\n`);
    else draw(renderStatus(report.value));
    await clock.sleep(WATCH_INTERVAL_MS);
  }
  return ok({ exit: EXIT.OK, schema: 'devctl.status/1', data: {}, text: '', isPrinted: true });
}
