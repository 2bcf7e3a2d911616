import type { OpenedProject } from '../project/open.ts';
import { readHistory } from '../project/history.ts';
import type { RunRecord } from '../project/run-record.ts';
import { stopScope, type StopScope } from '../stop/scope.ts';
import type { Context, Flags } from './context.ts';
import { load } from './request.ts';

/**
 * Where to look beyond what is certain: the run's ports and patterns, or where none is live those of the definitions. A
 * Procfile with errors keeps no stop from ending what runs: then there are no ports to look at.
 */
export async function scopeOf(
  context: Context,
  opened: OpenedProject,
  record: RunRecord | undefined,
  names: string[],
  flags: Flags,
): Promise<StopScope> {
  const isLive = record !== undefined && !record.ended;
  const definitions = isLive ? undefined : await load(context, flags, opened, {});
  const history = readHistory(context.machine.files, opened.project.paths.history);
  return stopScope(record, definitions?.ok ? definitions.value : undefined, history, names);
}
