import { join } from 'node:path';
import { decodeCursor, encodeCursor, readCursor, type Cursor } from '../../logs/cursor.ts';
import { follow } from '../../logs/follow.ts';
import { readLog, type LogPage, type LogSource } from '../../logs/gather.ts';
import { makeFilter, type Wish } from '../../logs/pick.ts';
import { paneLine, plainLine } from '../../services/log-text.ts';
import type { Project } from '../../project/project.ts';
import { fail, ok, type Result } from '../../result.ts';
import type { Answer, CommandRun, Context, Flags } from '../context.ts';
import { flagCount, flagDuration, flagSet, flagText, parseDuration } from '../flags.ts';
import { findLogs } from '../log-sources.ts';
import { compilePattern, whilePatternHolds } from '../pattern.ts';
import { fitPages, makePrefix, renderPages } from '../render/logs-view.ts';

const DEFAULT_LINES = 100;

/** `devctl logs [services...]` */
export const run: CommandRun = (context, args, flags) => whilePatternHolds('--grep', () => readLogs(context, args, flags));

async function readLogs(context: Context, args: string[], flags: Flags): Promise<Result<Answer>> {
  const wish = readWish(context, flags);
  if (!wish.ok) return wish;
  const period = flagDuration(flags, 'for', '--for');
  if (!period.ok) return period;
  const isEndless = flagSet(flags, 'follow') && period.value === undefined;
  if (isEndless && !context.terminal.isWatched) {
    return fail({
      code: 'USAGE',
      what: 'Following without an end needs a terminal',
      why: 'standard output is not one, and nobody could press Ctrl-C',
      fix: ['devctl logs -f --for 30s', 'devctl logs --since-last'],
    });
  }
  const found = await findLogs(context, args, flags);
  if (!found.ok) return found;
  const sources = chooseRun(found.value.sources, flags);
  if (!sources.ok) return sources;
  const after = readAfter(context, found.value.opened.project, flags);
  if (!after.ok) return after;

  const pages = sources.value.map((source) =>
    readLog(context.machine.files, source, { wish: wish.value, colors: context.terminal.isWatched, after: after.value?.cursor }),
  );
  const cursor = remember(context, pages, after.value);
  const answer = toAnswer(context, pages, wish.value, cursor, after.value !== undefined);
  return flagSet(flags, 'follow') ? followOn(context, pages, wish.value, answer, period.value) : ok(answer);
}

function readWish({ machine }: Context, flags: Flags): Result<Wish> {
  const count = flagCount(flags, 'lines', '-n');
  if (!count.ok) return count;
  const grep = flagText(flags, 'grep');
  const pattern = grep === undefined ? ok(undefined) : compilePattern(grep, '--grep', 'i');
  if (!pattern.ok) return pattern;
  const since = flagText(flags, 'since');
  let sinceMs: number | undefined;
  if (since !== undefined) {
    const ago = parseDuration(since, '--since');
    sinceMs = ago.ok ? machine.clock.now() - ago.value : Date.parse(since);
    if (Number.isNaN(sinceMs))
      return fail({
        code: 'USAGE',
        what: `--since "${since}" is neither a duration nor a time`,
        fix: ['devctl logs --since 10m', 'devctl logs --since 2026-11-21T10:00'],
      });
  }
  return ok({ count: count.value ?? DEFAULT_LINES, grep: pattern.value, errors: flagSet(flags, 'errors'), sinceMs });
}

function chooseRun(sources: LogSource[], flags: Flags): Result<LogSource[]> {
  const word = flagText(flags, 'run');
  if (word === undefined) return ok(sources);
  if (word !== 'previous')
    return fail({ code: 'USAGE', what: `--run "${word}" is not "previous"`, fix: ['devctl logs --run previous'] });
  return ok(sources.map((source) => ({ ...source, path: `${source.path}.1`, fromByte: 0, startMs: 0 })));
}

interface After {
  cursor: Cursor;
  /** Where the new cursor is kept; absent with `--cursor`, whose caller keeps it. */
  file: string | undefined;
}

/** `--since-last` keeps a cursor for each caller: an agent's session by its id, a person's shell by its session leader. */
function readAfter({ machine }: Context, project: Project, flags: Flags): Result<After | undefined> {
  const given = flagText(flags, 'cursor');
  if (given !== undefined) {
    const cursor = decodeCursor(given);
    return cursor
      ? ok({ cursor, file: undefined })
      : fail({
          code: 'USAGE',
          what: `--cursor "${given}" is not a cursor`,
          fix: ['devctl logs --since-last', 'devctl logs --json   prints a cursor'],
        });
  }
  if (!flagSet(flags, 'sinceLast')) return ok(undefined);
  const caller = machine.env['CLAUDE_CODE_SESSION_ID'] ?? callerSession(machine);
  const file = join(project.paths.cursors, caller.replace(/[^\w-]/g, '_').slice(0, 80));
  return ok({ cursor: readCursor(machine.files, file), file });
}

function callerSession({ processes }: Context['machine']): string {
  const table = processes.scan({ since: Infinity, evidence: 'mark', logs: [] });
  const self = table.byPid.get(process.pid);
  const leader = self && table.byPid.get(self.sid);
  return leader ? `session-${String(leader.pid)}-${String(leader.start)}` : `user-${String(process.getuid?.() ?? 0)}`;
}

function remember({ machine }: Context, pages: LogPage[], after: After | undefined): string {
  const seen = Object.fromEntries(pages.flatMap((page) => (page.position ? [[page.service, page.position]] : [])));
  const cursor = encodeCursor({ ...after?.cursor, ...seen });
  if (after?.file !== undefined) machine.files.writeAtomic(after.file, cursor);
  return cursor;
}

function toAnswer(context: Context, pages: LogPage[], wish: Wish, cursor: string, wantsCursor: boolean): Answer {
  const fitted = fitPages(pages, wish.count, context.terminal.isWatched);
  return {
    exit: 0,
    schema: 'devctl.logs/1',
    data: {
      services: fitted.map(({ page, lines, cutLines, foldedLines }) => ({
        name: page.service,
        path: page.path,
        lines,
        omittedLines: page.omittedLines,
        unreadBytes: page.unreadBytes,
        cutLines,
        foldedLines,
      })),
      cursor,
    },
    text: renderPages(fitted, context.terminal.isWatched, wantsCursor ? cursor : undefined),
  };
}

async function followOn(
  context: Context,
  pages: LogPage[],
  wish: Wish,
  first: Answer,
  forMs: number | undefined,
): Promise<Result<Answer>> {
  const { machine, terminal, json } = context;
  if (!json && first.text !== '') context.print(`${first.text}\n`);
  const filters = new Map(pages.map((page) => [page.service, makeFilter({ ...wish, sinceMs: undefined }, 0)]));
  const prefix = makePrefix(pages.map((page) => page.service));
  await follow(machine, {
    sources: pages.map((page) => ({ service: page.service, path: page.path, offset: page.position?.offset ?? 0 })),
    ...(forMs === undefined ? {} : { forMs }),
    isOver: () => context.isReaderGone(),
    onLine: (service, line) => {
      const plain = plainLine(line);
      if (filters.get(service)?.wants(plain) !== true) return;
      if (json) context.print(`${JSON.stringify({ service, line: plain })}\n`);
      else context.print(`${prefix(service)}${terminal.isWatched ? paneLine(line) : plain}\n`);
    },
  });
  return ok({ ...first, isPrinted: !json });
}
