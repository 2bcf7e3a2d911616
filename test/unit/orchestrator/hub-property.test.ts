import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Board } from '../../../src/orchestrator/hub/board.ts';
import { journalLine, readJournal } from '../../../src/orchestrator/journal/line.ts';
import type { JournalRecord } from '../../../src/orchestrator/journal/records.ts';
import { reachedFrom } from '../../../src/orchestrator/tasks/graph.ts';
import type { Task } from '../../../src/orchestrator/tasks/task.ts';
import { FakeClock } from '../fakes/clock.ts';
import { hubWorld, type Plan } from '../fakes/hub-world.ts';
import { someTasks } from '../fakes/tasks.ts';

const OVER = ['done', 'failed', 'skipped', 'cancelled'];

const failure = fc.constantFrom('other', 'crashed', 'overloaded', 'rate-limit', 'invalid', undefined, undefined, undefined);
const somePlan = fc.record({ ms: fc.integer({ min: 0, max: 40 }), failure, usd: fc.nat({ max: 2 }) });
const someRun = fc.record({
  tasks: someTasks,
  concurrency: fc.integer({ min: 1, max: 3 }),
  plans: fc.array(somePlan, { maxLength: 12 }),
  cancels: fc.array(fc.record({ ms: fc.nat({ max: 100 }), task: fc.nat({ max: 6 }) }), { maxLength: 2 }),
  interruptMs: fc.option(fc.nat({ max: 60 }), { nil: undefined }),
  cut: fc.nat(),
});

/** Runs the tasks; the n-th attempt goes as the n-th plan says, and well when there are no more plans. */
function worldOf(
  { tasks, concurrency, plans }: { tasks: Task[]; concurrency: number; plans: Plan[] },
  earlier?: ReturnType<typeof hubWorld>,
  cut = 0,
) {
  let next = 0;
  const clock = new FakeClock(1_700_000_000_000 + (earlier?.clock.elapsed() ?? 0));
  return hubWorld(tasks, {
    concurrency,
    clock,
    plan: () => plans[next++] ?? {},
    random: () => 0.5,
    ...(earlier ? { records: earlier.records.slice(0, cut), results: earlier.results } : {}),
  });
}

const taskOf = (record: JournalRecord) => ('task' in record ? record.task : '');
const endsOf = (records: JournalRecord[], id: string) => records.filter((one) => taskOf(one) === id && OVER.includes(one.kind));

/** Every task has one end; nobody begins after that, nor before those that it depends on are done. */
function expectOneEndEach(tasks: Task[], records: JournalRecord[]) {
  for (const { id } of tasks) expect({ id, ends: endsOf(records, id).length }).toEqual({ id, ends: 1 });
  expectOrder(tasks, records);
}

/** Who begins is always the most urgent of those that may. */
function expectOrder(tasks: Task[], records: JournalRecord[]) {
  const state = new Map<string, { kind: string; notBeforeMs: number }>(
    tasks.map(({ id }) => [id, { kind: 'ready', notBeforeMs: 0 }]),
  );
  const isDone = (id: string) => state.get(id)?.kind === 'done';
  for (const record of records) {
    const id = taskOf(record);
    if (record.kind === 'attempt') {
      const may = tasks.filter((task) => {
        const { kind, notBeforeMs } = state.get(task.id) ?? { kind: '', notBeforeMs: 0 };
        return kind === 'ready' && notBeforeMs <= record.atMs && task.dependsOn.every(isDone);
      });
      const best = Math.min(...may.map(({ priority }) => priority));
      expect(id).toBe(may.find(({ priority }) => priority === best)?.id);
      state.set(id, { kind: 'running', notBeforeMs: 0 });
    } else if (record.kind === 'retry') state.set(id, { kind: 'ready', notBeforeMs: record.notBeforeMs });
    else if (record.kind === 'put-back') state.set(id, { kind: 'ready', notBeforeMs: 0 });
    else if (OVER.includes(record.kind)) state.set(id, { kind: record.kind, notBeforeMs: 0 });
  }
}

const pictureOf = (board: Board) => ({
  entries: [...board.entries.values()],
  counts: board.counts,
  spentUsd: board.spentUsd,
  next: board.nextMs(),
});

function boardOf(tasks: Task[], records: JournalRecord[]): Board {
  const board = new Board(tasks);
  for (const record of records) board.apply(record);
  return board;
}

describe('whatever the tasks, and however they go', () => {
  test('every task has one end, none begins before its time, and the most urgent goes first', async () => {
    await fc.assert(
      fc.asyncProperty(someRun, async (given) => {
        const world = worldOf(given);
        for (const { ms, task } of given.cancels) world.at(ms, () => world.hub.cancel(`t${String(task)}`));
        expect(await world.run()).toEqual({ kind: 'finished' });
        expect(world.peak).toBeLessThanOrEqual(given.concurrency);
        expectOneEndEach(given.tasks, world.records);
        expect(world.board.isOver).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('a task is skipped exactly when one that it depends on has failed or was cancelled', async () => {
    await fc.assert(
      fc.asyncProperty(someRun, async (given) => {
        const world = worldOf(given);
        await world.run();
        const states = world.states();
        for (const { id } of given.tasks) {
          const isLost = [...reachedFrom(id, given.tasks)].some((one) => states[one] === 'failed' || states[one] === 'cancelled');
          expect({ id, isSkipped: states[id] === 'skipped' }).toEqual({ id, isSkipped: isLost });
        }
      }),
    );
  });

  test('the journal, read again, gives the same board', async () => {
    await fc.assert(
      fc.asyncProperty(someRun, async (given) => {
        const world = worldOf(given);
        for (const { ms, task } of given.cancels) world.at(ms, () => world.hub.cancel(`t${String(task)}`));
        if (given.interruptMs !== undefined) world.at(given.interruptMs, () => world.hub.interrupt());
        await world.run();
        const read = readJournal(world.records.map(journalLine).join(''));
        expect(read.kind).toBe('read');
        if (read.kind === 'read') expect(pictureOf(boardOf(given.tasks, read.records))).toEqual(pictureOf(world.board));
      }),
    );
  });
});

describe('a hub that is killed at any record, and gone on from', () => {
  test('every task has one end all the same, and none that is done is begun again', async () => {
    await fc.assert(
      fc.asyncProperty(someRun, async (given) => {
        const first = worldOf(given);
        for (const { ms, task } of given.cancels) first.at(ms, () => first.hub.cancel(`t${String(task)}`));
        await first.run();
        const cut = given.cut % (first.records.length + 1);
        const second = worldOf(given, first, cut);
        expect(await second.run()).toEqual({ kind: 'finished' });
        expect(second.peak).toBeLessThanOrEqual(given.concurrency);
        expectOneEndEach(given.tasks, [...first.records.slice(0, cut), ...second.records]);
      }),
      { numRuns: 300 },
    );
  });

  test('what ran is picked up under its token, with what is known of its process', async () => {
    await fc.assert(
      fc.asyncProperty(someRun, async (given) => {
        const first = worldOf(given);
        await first.run();
        const cut = given.cut % (first.records.length + 1);
        const left = boardOf(given.tasks, first.records.slice(0, cut));
        const ran = [...left.entries.values()].flatMap(({ task: { id }, state }) =>
          state.kind === 'running' ? [{ id, token: state.token, left: { ...state.left } }] : [],
        );
        fc.pre(ran.length > 0);
        const second = worldOf(given, first, cut);
        second.at(0, () => {
          second.hub.interrupt();
          second.hub.interrupt();
        });
        await second.run();
        const pickedUp = second.begun.filter(({ left: one }) => one !== undefined);
        expect(pickedUp.map(({ request, left: one }) => ({ id: request.task.id, token: request.token, left: one }))).toEqual(ran);
      }),
    );
  });

  test('interrupted and gone on from again and again, it comes to its end', async () => {
    await fc.assert(
      fc.asyncProperty(someRun, fc.array(fc.nat({ max: 50 }), { maxLength: 4 }), async (given, interrupts) => {
        let records: JournalRecord[] = [];
        let begun = 0;
        const clock = new FakeClock();
        for (const ms of [...interrupts, undefined]) {
          const world = hubWorld(given.tasks, {
            ...{ concurrency: given.concurrency, records, clock, random: () => 0.5 },
            plan: () => given.plans[begun++] ?? {},
          });
          if (ms !== undefined) {
            world.at(ms, () => world.hub.interrupt());
            world.at(ms + 5, () => world.hub.interrupt());
          }
          await world.run();
          records = [...records, ...world.records];
        }
        expectOneEndEach(given.tasks, records);
      }),
    );
  });
});
