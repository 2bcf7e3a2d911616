import { expect, test } from 'vitest';
import stringWidth from 'string-width';
import { journalLine, readJournal } from '../../../src/orchestrator/journal/line.ts';
import type { JournalRecord } from '../../../src/orchestrator/journal/records.ts';
import { parseEvent } from '../../../src/orchestrator/spoke/events.ts';
import { noteTrouble, NO_TROUBLE } from '../../../src/orchestrator/spoke/judge.ts';
import { Meter } from '../../../src/orchestrator/spoke/progress.ts';
import { parseTasks } from '../../../src/orchestrator/tasks/parse.ts';
import { formatTokens } from '../../../src/cli/render/orchestrate-view.ts';
import { renderLive } from '../../../src/cli/render/orchestrate-live.ts';
import { ok } from '../../../src/result.ts';
import { apiRetry, assistant, rateLimit } from '../fakes/claude-lines.ts';
import { failureOf } from '../fakes/expect-ok.ts';
import { hubWorld } from '../fakes/hub-world.ts';
import { makeTasks } from '../fakes/tasks.ts';

const RUN: JournalRecord = { kind: 'run', schema: 1, run: 'r', devctl: '1', executor: 'mock', tasks: ['a'], atMs: 5 };
const skipped = (task: string, because = 'x'): JournalRecord => ({ kind: 'skipped', task, because, atMs: 1 });

test('a hub that was killed between "failed" and "skipped", resumed, comes to its end', async () => {
  const tasks = makeTasks({ id: 'a' }, { id: 'b', dependsOn: ['a'] });
  const first = hubWorld(tasks, { plan: () => ({ failure: 'invalid' }) });
  await first.run();
  const cut = first.records.findIndex(({ kind }) => kind === 'failed') + 1;
  const second = hubWorld(tasks, { records: first.records.slice(0, cut) });
  expect(await second.clock.runUntil(second.hub.run(), 500)).toEqual({ kind: 'finished' });
});
test('a cancelled running task that fails while it is ended is not begun again', async () => {
  const world = hubWorld(makeTasks({ id: 'a' }), { plan: () => ({ ms: 100, atEnd: 'crashed' }) });
  world.at(50, () => {
    expect(world.hub.cancel('a')).toBe('cancelled');
  });
  await world.run();
  expect(world.begun).toHaveLength(1);
});
test('an attempt that ends in a bug of ours costs nothing', async () => {
  const world = hubWorld(makeTasks({ id: 'a' }), {
    plan: (_, nth) => ({ usd: 1, failure: nth === 1 ? 'other' : undefined, rejects: nth === 2 }),
  });
  await world.run();
  expect(world.board.spentUsd).toBe(2);
});

test('somebody who sets the clock back keeps nobody waiting', async () => {
  const world = hubWorld(makeTasks({ id: 'a' }, { id: 'b' }), { rampMs: 200, plan: () => ({ ms: 50 }) });
  world.at(100, () => {
    world.clock.shift(-3_600_000);
  });
  await world.run();
  expect(world.begins()).toEqual(['a 0', 'b 200']);
});

test('a journal holds the separators of lines that JSON leaves as they are', () => {
  expect(readJournal([skipped('a', 'x\u2028y'), RUN].map(journalLine).join(''))).toMatchObject({ kind: 'read' });
});
test('a journal of which a newline was changed is damaged, or has lost its last line alone', () => {
  const bytes = Buffer.from([RUN, skipped('a'), skipped('b')].map(journalLine).join(''));
  const at = bytes.lastIndexOf(0x0a, bytes.length - 2);
  bytes[at] = 0x0b;
  const read = readJournal(bytes.toString('utf8'));
  if (read.kind === 'read') expect(read.records).toHaveLength(2);
});
test('a webhook that is no URL is told so', () => {
  const found = failureOf(parseTasks('tasks: [{ id: a, prompt: x }]\nnotify: { webhook: nowhere }', 't', () => ok('')));
  expect(found.map(({ what }) => what).join()).not.toMatch(/not a setting/);
});
test('no time is no timeout', () => {
  expect(parseTasks('tasks: [{ id: a, prompt: x, timeout: 0s }]', 't', () => ok('')).ok).toBe(false);
});
test.each(['a.error', 'a.events', 'a.lock', 'a..b', 'a.Error'])(
  '%s is no id: it would be a file of another task, or no branch',
  (id) => {
    expect(parseTasks(`tasks: [{ id: ${id}, prompt: x }]`, 't', () => ok('')).ok).toBe(false);
  },
);
test.each(['{}', 'tasks: [{ prompt: x }]'])('what is missing in %s is said in words', (text) => {
  const words = failureOf(parseTasks(text, 't', () => ok('')))
    .map(({ what }) => what)
    .join();
  expect(words).toMatch(/is missing/);
  expect(words).not.toMatch(/undefined/);
});
test('what a terminal would obey is not in what a task is doing', () => {
  const meter = new Meter();
  meter.add(
    parseEvent(assistant([{ type: 'tool_use', name: 'Bash', input: { command: "printf '\u001b[2J\u001b]0;x\u0007'" } }])),
  );
  expect(meter.progress.doing).not.toMatch(/\u001b/);
});
const live = (doing: string, columns: number, rows = 24, running = 1, notice?: string) => {
  const world = hubWorld(makeTasks(...Array.from({ length: running }, (_, n) => ({ id: `a${String(n)}` }))));
  for (let n = 0; n < running; n += 1)
    world.board.apply({ kind: 'attempt', task: `a${String(n)}`, token: 't', session: 's', resumes: false, atMs: 0 });
  const progress = new Map([
    ['a0', { model: 'm', turns: 1, tokens: { input: 0, output: 0, cacheRead: 0, cacheCreation: 0 }, costUsd: 0, doing }],
  ]);
  return renderLive({ board: world.board, progress, nowMs: 0, startedMs: 0, columns, rows, notice, widthOf: stringWidth });
};
test.each(['❤️', '1️⃣', '🇩🇪', '👨‍👩‍👧', '한', 'e\u0301', '☺️'])('the table fits with %s', (g) => {
  for (let columns = 1; columns < 150; columns += 1)
    for (const l of live(g.repeat(40), columns).split('\n')) expect(stringWidth(l)).toBeLessThanOrEqual(columns);
});
test('tokens below 100k have a decimal', () => {
  expect(formatTokens(12_300)).toBe('12.3k');
});
test('when a limit ends is not forgotten for how long to wait', () => {
  const now = 1e12;
  let t = noteTrouble(NO_TROUBLE, parseEvent(rateLimit({ status: 'rejected', resetsAt: now / 1000 + 3600 })), now);
  t = noteTrouble(t, parseEvent(apiRetry({ error: 'rate_limit', delayMs: 600 })), now);
  expect(t).toMatchObject({ retryAtMs: now + 3_600_000, isReset: true });
});
test.each([1, 2, 3])('the table fits into %d rows', (rows) => {
  expect(live('x', 80, rows, 5, 'notice').split('\n').length).toBeLessThanOrEqual(rows);
});
