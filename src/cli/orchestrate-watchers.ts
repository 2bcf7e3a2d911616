import type { Hub, HubWatcher } from '../orchestrator/hub/hub.ts';
import type { JournalRecord } from '../orchestrator/journal/records.ts';
import type { SpokeProgress } from '../orchestrator/spoke/progress.ts';
import type { Context } from './context.ts';
import { err } from './render/colors.ts';
import { fit, renderLive } from './render/orchestrate-live.ts';
import { firstLine, formatUsd } from './render/orchestrate-view.ts';
import { formatSeconds } from './render/units.ts';

/** Shows a run while it goes on. */
export interface Onlooker extends HubWatcher {
  begin: (hub: Hub) => void;
  end: () => void;
}

export const DRAINING = 'no task begins any more; those that run come to their end (Ctrl-C once more ends them)';

const DRAW_MS = 200;

/** A table that moves, where somebody watches; else a line for each change; with --json a document for each. */
export async function chooseOnlooker(context: Context): Promise<Onlooker> {
  if (context.json) return jsonLines(context);
  return context.terminal.isWatched && process.stderr.isTTY ? movingTable(context) : plainLines(context);
}

/** All of them together. */
export function tellAll(watchers: HubWatcher[]): HubWatcher {
  return {
    onRecord: (record) => {
      for (const watcher of watchers) watcher.onRecord(record);
    },
    onProgress: (id, progress) => {
      for (const watcher of watchers) watcher.onProgress(id, progress);
    },
  };
}

/** Records that say nothing to anybody but a later hub. */
const isPrivate = ({ kind }: JournalRecord): boolean => kind === 'run' || kind === 'spawning' || kind === 'spawned';

function jsonLines(context: Context): Onlooker {
  return {
    begin: () => undefined,
    end: () => undefined,
    onProgress: () => undefined,
    onRecord: (record) => {
      if (!isPrivate(record)) context.print(`${JSON.stringify({ schema: 'devctl.orchestrate-event/1', event: record })}\n`);
    },
  };
}

function plainLines(context: Context): Onlooker {
  return {
    begin: () => undefined,
    end: () => undefined,
    onProgress: () => undefined,
    onRecord: (record) => {
      const line = describeRecord(record, context.machine.clock.now());
      if (line !== undefined) context.say(`${line}\n`);
    },
  };
}

async function movingTable(context: Context): Promise<Onlooker> {
  const { createLogUpdate, stringWidth } = await import('../lazy/log-update.ts');
  const draw = createLogUpdate(process.stderr);
  const progress = new Map<string, SpokeProgress>();
  const { clock } = context.machine;
  const startedMs = clock.now();
  let timer: NodeJS.Timeout | undefined;
  return {
    begin: (hub) => {
      const show = () => {
        const nowMs = clock.now();
        const { columns, rows } = process.stderr;
        draw(
          renderLive({
            ...{ board: hub.board, progress, nowMs, startedMs, columns, rows },
            notice: noticeOf(hub, nowMs),
            widthOf: stringWidth,
          }),
        );
      };
      timer = setInterval(show, DRAW_MS);
      show();
    },
    end: () => {
      clearInterval(timer);
      draw.clear();
    },
    onProgress: (id, one) => progress.set(id, one),
    onRecord: (record) => {
      if (record.kind === 'attempt') return;
      if ('task' in record && record.kind !== 'spawning' && record.kind !== 'spawned') progress.delete(record.task);
      const line = record.kind === 'failed' || record.kind === 'retry' ? describeRecord(record, clock.now()) : undefined;
      // Above the table, where it scrolls away.
      if (line !== undefined) draw.persist(fit(line, process.stderr.columns - 1, stringWidth));
    },
  };
}

function noticeOf(hub: Hub, nowMs: number): string | undefined {
  if (hub.isDraining) return DRAINING;
  const { breaker, pausedUntilMs } = hub.gate;
  if (breaker.kind === 'open')
    return `nobody gets through: next try in ${formatSeconds(Math.max(0, breaker.untilMs - nowMs) / 1000)}`;
  if (pausedUntilMs > nowMs) return `the API wants a pause of ${formatSeconds((pausedUntilMs - nowMs) / 1000)}`;
  return undefined;
}

function describeRecord(record: JournalRecord, nowMs: number): string | undefined {
  switch (record.kind) {
    case 'attempt':
      return `${err.cyan('begins')}    ${record.task}${record.resumes ? ' (once more)' : ''}`;
    case 'done':
      return `${err.green('done')}      ${record.task}  ${formatSeconds(record.usage.durationMs / 1000)}, ${formatUsd(record.usage.costUsd)}`;
    case 'retry':
      return `${err.yellow('again')}     ${record.task}  in ${formatSeconds(Math.max(0, record.notBeforeMs - nowMs) / 1000)}: ${firstLine(record.failure.message)}`;
    case 'failed':
      return `${err.red('failed')}    ${record.task}  ${firstLine(record.failure.message)}`;
    case 'skipped':
      return `${err.yellow('skipped')}   ${record.task}  ${record.because}`;
    case 'cancelled':
      return `${err.yellow('cancelled')} ${record.task}`;
    case 'put-back':
      return `${err.yellow('put back')}  ${record.task}`;
    case 'run':
    case 'spawning':
    case 'spawned':
    case 'reopened':
      return undefined;
  }
}
