import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { renderLive, type LiveView } from '../../../../src/cli/render/orchestrate-live.ts';
import { Board } from '../../../../src/orchestrator/hub/board.ts';
import { NO_USAGE } from '../../../../src/orchestrator/journal/records.ts';
import type { SpokeProgress } from '../../../../src/orchestrator/spoke/progress.ts';
import { usage } from '../../fakes/records.ts';
import { makeTasks } from '../../fakes/tasks.ts';

const NO_COLORS = /\u001b\[[0-9;]*m/g;
const plain = (text: string) => text.replace(NO_COLORS, '');

/** A board with so many tasks that run, and one that is done. */
function running(ids: string[], more = 1): Board {
  const board = new Board(
    makeTasks(...ids.map((id) => ({ id })), ...Array.from({ length: more }, (_, n) => ({ id: `rest-${String(n)}` }))),
  );
  for (const task of ids) board.apply({ kind: 'attempt', task, token: task, session: 's', resumes: false, atMs: 1000 });
  return board;
}

const progressOf = (over: Partial<SpokeProgress> = {}): SpokeProgress => ({
  model: 'opus',
  turns: 3,
  tokens: { input: 100, output: 20, cacheRead: 3, cacheCreation: 4 },
  costUsd: 0.25,
  doing: 'Bash: npm test',
  ...over,
});

const render = (board: Board, over: Partial<LiveView> = {}) =>
  renderLive({
    board,
    progress: new Map(),
    nowMs: 63_000,
    startedMs: 0,
    columns: 120,
    rows: 24,
    notice: undefined,
    widthOf: stringWidth,
    ...over,
  });
const lines = (board: Board, over: Partial<LiveView> = {}) => plain(render(board, over)).split('\n');

describe('the live table', () => {
  test('has a bar, the totals and a line for each task that runs', () => {
    const board = running(['a', 'long-name'], 2);
    board.apply({ kind: 'attempt', task: 'rest-0', token: 'x', session: 's', resumes: false, atMs: 0 });
    board.apply({ kind: 'done', task: 'rest-0', token: 'x', usage: usage({ costUsd: 1 }), atMs: 5 });
    expect(lines(board, { progress: new Map([['a', progressOf()]]) })).toEqual([
      `${'█'.repeat(8)}${'░'.repeat(22)} 1/4 · 2 running · 1 to come · $1.25 · 1:03`,
      `● a${' '.repeat(24)} 1:02   3 turns    127  $0.250  Bash: npm test`,
      `● long-name${' '.repeat(16)} 1:02   0 turns      0  $0.000  starts`,
    ]);
  });

  test('tells of failures and of what was skipped or cancelled', () => {
    const board = new Board(makeTasks({ id: 'a' }, { id: 'b' }, { id: 'c' }));
    board.apply({ kind: 'attempt', task: 'a', token: 'x', session: 's', resumes: false, atMs: 0 });
    board.apply({ kind: 'failed', task: 'a', token: 'x', failure: { class: 'other', message: '' }, usage: NO_USAGE, atMs: 0 });
    board.apply({ kind: 'skipped', task: 'b', because: '', atMs: 0 });
    board.apply({ kind: 'cancelled', task: 'c', atMs: 0 });
    expect(lines(board)).toEqual([`${'█'.repeat(30)} 3/3 · 1 failed · 2 skipped · 0 running · 0 to come · $0.000 · 1:03`]);
  });

  test('tells of a further attempt', () => {
    const board = running(['a']);
    board.apply({
      ...{ kind: 'retry', task: 'a', token: 'a', failure: { class: 'other', message: '' }, usage: NO_USAGE },
      ...{ counts: true, notBeforeMs: 0, atMs: 0 },
    });
    board.apply({ kind: 'attempt', task: 'a', token: 'b', session: 's', resumes: true, atMs: 60_000 });
    expect(lines(board)[1]).toContain('(attempt 2)');
    expect(lines(board)[1]).toContain(' 0:03 ');
  });

  test('of more tasks than there are rows shows as many as fit, and how many more there are', () => {
    const board = running(Array.from({ length: 30 }, (_, n) => `t${String(n)}`));
    const shown = lines(board, { rows: 10 });
    expect(shown).toHaveLength(7);
    expect(shown.at(-1)).toBe('  and 25 more');
    expect(lines(board, { rows: 34 })).toHaveLength(31);
  });

  test('says what keeps anybody from beginning', () => {
    expect(lines(running(['a']), { notice: 'the API wants a pause' }).at(-1)).toBe('the API wants a pause');
  });

  test('cuts what is too long, and says that something is missing', () => {
    const [, task] = lines(running(['a']), { columns: 80, progress: new Map([['a', progressOf({ doing: 'x'.repeat(99) })]]) });
    expect(task).toHaveLength(79);
    expect(task?.endsWith('x…')).toBe(true);
  });

  test('a long id takes no more room than the others', () => {
    const [, long, short] = lines(running(['i'.repeat(100), 'b']));
    expect(long?.indexOf('1:02')).toBe(short?.indexOf('1:02'));
    expect(long).toContain(`${'i'.repeat(23)}…`);
  });

  test('fits into the terminal, whatever is in it', () => {
    const character = fc.constantFrom('a', 'ä', '한', '字', '😀', 'e\u0301', '👩‍👩‍👧', '🇩🇪', 'ﷺ', '　');
    const text = fc.array(character, { maxLength: 120 }).map((all) => all.join(''));
    const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,98}[A-Za-z0-9_-]$/);
    const notice = fc.option(text, { nil: undefined });
    fc.assert(
      fc.property(
        fc.uniqueArray(id, { maxLength: 12 }),
        text,
        notice,
        fc.integer({ min: 1, max: 140 }),
        fc.integer({ min: 3, max: 20 }),
        (ids, doing, said, columns, rows) => {
          const progress = new Map(ids.map((one) => [one, progressOf({ doing })]));
          const all = lines(running(ids), { progress, notice: said, columns, rows });
          expect(all.length).toBeLessThanOrEqual(rows);
          for (const one of all) expect(stringWidth(one)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });
});

test.each([
  [-5, '0:00'],
  [0, '0:00'],
  [34_999, '0:34'],
  [60_000, '1:00'],
  [725_000, '12:05'],
  [3_599_999, '59:59'],
  [3_725_000, '1:02:05'],
  [360_000_000, '100:00:00'],
])('%d ms are %s', (ms, expected) => {
  const [totals] = lines(running(['a']), { startedMs: 0, nowMs: ms });
  expect(totals?.split(' · ').at(-1)).toBe(expected);
});
