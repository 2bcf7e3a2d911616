import { resolve } from 'node:path';
import type { LogSource } from '../logs/gather.ts';
import { placeLog } from '../project/log-files.ts';
import { answersTo, unknownService } from '../project/resolve.ts';
import { DEFAULTS } from '../project/settings.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Context, Flags } from './context.ts';
import { load, open } from './request.ts';
import type { OpenedProject } from '../project/open.ts';

export interface LogSources {
  opened: OpenedProject;
  sources: LogSource[];
}

/** The logs that the words mean: of the run that is up, else those that the definitions would write. */
export async function findLogs(context: Context, args: string[], flags: Flags): Promise<Result<LogSources>> {
  const opened = open(context, flags);
  if (!opened.ok) return opened;
  const { record, project } = opened.value;
  const sources: (LogSource & { entry: string })[] = Object.values(record?.services ?? {}).map(({ service, log, startedAt }) => ({
    service: service.name,
    entry: service.entry,
    path: log.path,
    fromByte: log.fromByte,
    startMs: Date.parse(startedAt ?? '') || 0,
  }));
  if (
    sources.length === 0 ||
    args.some((word) => !sources.some((source) => answersTo({ name: source.service, entry: source.entry }, word)))
  ) {
    const definitions = await load(context, flags, opened.value, {});
    if (!definitions.ok) return definitions;
    const folder = resolve(project.root, definitions.value.settings.logs?.dir ?? DEFAULTS.logDir);
    for (const service of definitions.value.services) {
      if (sources.some((source) => source.service === service.name)) continue;
      sources.push({
        service: service.name,
        entry: service.entry,
        path: placeLog(context.machine.files, folder, service).path,
        fromByte: 0,
        startMs: 0,
      });
    }
  }
  const wanted =
    args.length === 0
      ? sources
      : sources.filter((source) => args.some((word) => answersTo({ name: source.service, entry: source.entry }, word)));
  const unknown = args.find((word) => !sources.some((source) => answersTo({ name: source.service, entry: source.entry }, word)));
  if (unknown !== undefined)
    return fail(
      unknownService(
        unknown,
        sources.map((source) => source.service),
      ),
    );
  return ok({ opened: opened.value, sources: wanted });
}
