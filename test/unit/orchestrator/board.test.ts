import { describe, expect, test } from 'vitest';
import { Board } from '../../../src/orchestrator/hub/board.ts';
import type { JournalRecord } from '../../../src/orchestrator/journal/records.ts';
import { usage } from '../fakes/records.ts';
import { makeTasks } from '../fakes/tasks.ts';

const attempt = (task: string, token = task): JournalRecord => ({
  kind: 'attempt',
  task,
  token,
  session: `s-${task}`,
  resumes: false,
  atMs: 10,
});
const done = (task: string, token = task): JournalRecord => ({
  kind: 'done',
  task,
  token,
  usage: usage({ costUsd: 1 }),
  atMs: 30,
});
const retry = (task: string, counts = true, token = task): JournalRecord => ({
  ...{ kind: 'retry', task, token, failure: { class: 'other', message: 'no' }, usage: usage({ costUsd: 1 }) },
  ...{ counts, notBeforeMs: 500, atMs: 20 },
});

function boardWith(...records: JournalRecord[]): Board {
  const board = new Board(makeTasks({ id: 'a' }, { id: 'b', dependsOn: ['a'] }, { id: 'c', dependsOn: ['b'] }));
  for (const record of records) board.apply(record);
  return board;
}
const stateOf = (board: Board, id: string) => board.entries.get(id)?.state.kind;

describe('the board', () => {
  test('at first: those that depend on nobody are ready', () => {
    expect(boardWith().counts).toEqual({ waiting: 2, ready: 1, running: 0, done: 0, failed: 0, skipped: 0, cancelled: 0 });
    expect(boardWith().first(0)?.task.id).toBe('a');
  });

  test('what belongs to another attempt than the current one changes nothing', () => {
    const old: JournalRecord[] = [
      done('a', 'old'),
      retry('a', true, 'old'),
      { kind: 'spawned', task: 'a', token: 'old', host: 'h', pid: 1, start: 1, world: 'w' },
      { kind: 'spawning', task: 'a', token: 'old', eventsFrom: 9 },
      { kind: 'put-back', task: 'a', token: 'old', usage: usage({ costUsd: 1 }), atMs: 3 },
    ];
    const board = boardWith(attempt('a'), ...old);
    expect(board.entries.get('a')?.state).toMatchObject({
      kind: 'running',
      token: 'a',
      left: { eventsFrom: undefined, spawned: undefined },
    });
    expect(board.spentUsd).toBe(0);
    const over = boardWith(attempt('a'), done('a'), done('a'));
    expect(over.spentUsd).toBe(1);
  });

  test('a task that is in the file no more changes nothing', () => {
    expect(boardWith(attempt('x'), done('x')).counts).toEqual(boardWith().counts);
  });

  test('a task that waits for its next try is not ready before that', () => {
    const board = boardWith(attempt('a'), retry('a'));
    expect([board.first(499)?.task.id, board.first(500)?.task.id, board.nextMs()]).toEqual([undefined, 'a', 500]);
  });

  test('only failures that count are counted', () => {
    const board = boardWith(attempt('a'), retry('a', false), attempt('a'), retry('a', true));
    expect(board.entries.get('a')).toMatchObject({ retries: 1, attempts: 2 });
  });

  test('of a process that was restarted the first events are where they were, and the last process is known', () => {
    const spawned = (pid: number): JournalRecord => ({
      kind: 'spawned',
      task: 'a',
      token: 'a',
      host: 'h',
      pid,
      start: 1,
      world: 'w',
    });
    const spawning = (eventsFrom: number): JournalRecord => ({ kind: 'spawning', task: 'a', token: 'a', eventsFrom });
    const board = boardWith(attempt('a'), spawning(5), spawned(7), spawning(90));
    expect(board.entries.get('a')?.state).toMatchObject({ left: { eventsFrom: 5, spawned: undefined } });
    board.apply(spawned(8));
    expect(board.entries.get('a')?.state).toMatchObject({ left: { eventsFrom: 5, spawned: { pid: 8 } } });
  });

  test('those that are lost with a task are all that wait for it, directly or not', () => {
    expect(boardWith().lostWith('a').sort()).toEqual(['b', 'c']);
    expect(boardWith().lostWith('c')).toEqual([]);
    expect(boardWith(attempt('a'), done('a')).lostWith('a')).toEqual(['c']);
  });

  test('a task that is opened again has all its retries, and waits for what it depends on', () => {
    const failed: JournalRecord = {
      ...{ kind: 'failed', task: 'a', token: 'a', failure: { class: 'other', message: '' } },
      usage: usage(),
      atMs: 1,
    };
    const skipped: JournalRecord = { kind: 'skipped', task: 'b', because: 'x', atMs: 1 };
    const board = boardWith(attempt('a'), retry('a'), attempt('a'), failed, skipped);
    board.apply({ kind: 'reopened', task: 'b', atMs: 2 });
    board.apply({ kind: 'reopened', task: 'a', atMs: 2 });
    expect(board.entries.get('a')).toMatchObject({
      retries: 0,
      attempts: 2,
      session: 's-a',
      state: { kind: 'ready', notBeforeMs: 0 },
    });
    expect([stateOf(board, 'b'), board.isOver]).toEqual(['waiting', false]);
    board.apply(attempt('a', 'again'));
    board.apply(done('a', 'again'));
    expect(stateOf(board, 'b')).toBe('ready');
  });

  test('is over when nothing runs and nothing can begin', () => {
    const board = boardWith(attempt('a'), done('a'), attempt('b'), done('b'), attempt('c'));
    expect(board.isOver).toBe(false);
    board.apply(done('c'));
    expect(board.isOver).toBe(true);
  });
});
