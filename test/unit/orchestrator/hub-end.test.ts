import { describe, expect, test } from 'vitest';
import { hubWorld } from '../fakes/hub-world.ts';
import { makeTasks } from '../fakes/tasks.ts';

const CHAIN = makeTasks({ id: 'a' }, { id: 'b', dependsOn: ['a'] }, { id: 'c' });

describe('an interrupt', () => {
  test('lets what runs come to its end, and nobody begins any more', async () => {
    const world = hubWorld(CHAIN, { concurrency: 1, plan: () => ({ ms: 100 }) });
    world.at(50, () => {
      expect(world.hub.interrupt()).toBe('draining');
    });
    expect(await world.run()).toEqual({ kind: 'interrupted' });
    expect(world.states()).toEqual({ a: 'done', b: 'ready', c: 'ready' });
    expect(world.clock.elapsed()).toBe(100);
    expect(world.withdrawals).toBe(1);
  });

  test('a second one ends what runs, which is as ready as before', async () => {
    const world = hubWorld(CHAIN, { plan: () => ({ ms: 100, usd: 1 }) });
    world.at(50, () => world.hub.interrupt());
    world.at(60, () => {
      expect(world.hub.interrupt()).toBe('ending');
    });
    expect(await world.run()).toEqual({ kind: 'interrupted' });
    expect(world.states()).toEqual({ a: 'ready', b: 'waiting', c: 'ready' });
    expect(world.clock.elapsed()).toBeLessThan(100);
    expect(world.board.spentUsd).toBe(2);
    expect(world.board.entries.get('a')).toMatchObject({ retries: 0 });
  });

  test('when the last task runs: then all is finished', async () => {
    const world = hubWorld(makeTasks({ id: 'a' }), { plan: () => ({ ms: 100 }) });
    world.at(50, () => world.hub.interrupt());
    expect(await world.run()).toEqual({ kind: 'finished' });
  });

  test('in a pause ends it at once', async () => {
    const world = hubWorld(makeTasks({ id: 'a' }), { plan: () => ({ ms: 0, failure: 'other' }) });
    world.at(100, () => world.hub.interrupt());
    expect(await world.run()).toEqual({ kind: 'interrupted' });
    expect(world.clock.elapsed()).toBe(100);
  });

  test('is gone on from by another hub: what was put back resumes its session', async () => {
    const first = hubWorld(CHAIN, { plan: () => ({ ms: 100 }) });
    first.at(50, () => {
      first.hub.interrupt();
      first.hub.interrupt();
    });
    await first.run();
    const second = hubWorld(CHAIN, { records: first.records });
    expect(await second.run()).toEqual({ kind: 'finished' });
    expect(second.begun.map(({ request: { task, resumes } }) => `${task.id} ${String(resumes)}`)).toEqual([
      'a true',
      'c true',
      'b false',
    ]);
    expect(second.begun[0]?.request.session).toBe(first.begun[0]?.request.session);
  });
});

test('a hub that was killed: the next one goes on with the attempt that ran, and knows whether that one had resumed', async () => {
  const first = hubWorld(makeTasks({ id: 'a' }, { id: 'b' }), {
    plan: (id, nth) => (id + String(nth) === 'b1' ? { failure: 'other' } : { ms: 9000 }),
  });
  first.at(5000, () => {
    first.hub.interrupt();
    first.hub.interrupt();
  });
  await first.run();
  const killed = first.records.slice(
    0,
    first.records.findIndex(({ kind }) => kind === 'put-back'),
  );
  const second = hubWorld(makeTasks({ id: 'a' }, { id: 'b' }), { records: killed });
  await second.run();
  const told = (world: typeof first) =>
    world.begun.map(({ request: { task, token, session, resumes } }) => ({ id: task.id, token, session, resumes }));
  expect(told(second)).toEqual([told(first)[0], told(first)[2]]);
  expect(second.begun.map(({ request }) => request.resumes)).toEqual([false, true]);
  expect(second.begun[0]?.left).toMatchObject({ eventsFrom: 7, spawned: { host: 'h', pid: 101, start: 5, world: 'w' } });
});

describe('a cancel', () => {
  test('of one that runs ends it, and only it; those behind it are skipped with the reason', async () => {
    const world = hubWorld(CHAIN, { plan: () => ({ ms: 100, usd: 1 }) });
    world.at(50, () => {
      expect(world.hub.cancel('a')).toBe('cancelled');
    });
    expect(await world.run()).toEqual({ kind: 'finished' });
    expect(world.states()).toEqual({ a: 'cancelled', b: 'skipped', c: 'done' });
    expect(world.board.entries.get('b')?.state).toMatchObject({ because: expect.stringMatching(/"a" was cancelled/) as string });
    expect(world.board.entries.get('a')?.usage.costUsd).toBe(1);
  });

  test.each([
    ['that waits', 'b'],
    ['that is ready', 'c'],
  ])('of one %s keeps it from beginning', async (_, id) => {
    const world = hubWorld(CHAIN, { concurrency: 1 });
    expect(world.hub.cancel(id)).toBe('cancelled');
    await world.run();
    expect(world.states()[id]).toBe('cancelled');
    expect(world.begun.map(({ request }) => request.task.id)).not.toContain(id);
  });

  test('of one that waits for its next try', async () => {
    const world = hubWorld(makeTasks({ id: 'a' }), { plan: () => ({ ms: 0, failure: 'other' }) });
    world.at(500, () => world.hub.cancel('a'));
    expect(await world.run()).toEqual({ kind: 'finished' });
    expect(world.states()).toEqual({ a: 'cancelled' });
    expect(world.begun).toHaveLength(1);
  });

  test('of one that is over, or of nobody, changes nothing', async () => {
    const world = hubWorld(makeTasks({ id: 'a' }));
    await world.run();
    expect(world.hub.cancel('a')).toBe('over');
    expect(world.hub.cancel('x')).toBe('unknown');
    expect(world.states()).toEqual({ a: 'done' });
  });

  test('of the last one ends the run', async () => {
    const world = hubWorld(makeTasks({ id: 'a' }), { plan: () => ({ ms: 1e9 }) });
    world.at(10, () => world.hub.cancel('a'));
    expect(await world.run()).toEqual({ kind: 'finished' });
    expect(world.clock.elapsed()).toBe(10);
  });
});

describe('when nobody gets through', () => {
  test.each(['auth', 'no-claude'] as const)('for %s, everything stops at once and is kept', async (failure) => {
    const world = hubWorld(CHAIN, { plan: (id) => (id === 'c' ? { ms: 50, failure } : { ms: 1000 }) });
    expect(await world.run()).toEqual({ kind: 'halted', failure: { class: failure, message: `${failure} of c` } });
    expect(world.states()).toEqual({ a: 'ready', b: 'waiting', c: 'ready' });
    expect(world.clock.elapsed()).toBe(50);
    expect(world.begun).toHaveLength(2);
  });

  test('another hub goes on when somebody has logged in', async () => {
    const first = hubWorld(CHAIN, { plan: () => ({ failure: 'auth' }) });
    await first.run();
    const second = hubWorld(CHAIN, { records: first.records });
    expect(await second.run()).toEqual({ kind: 'finished' });
    expect(second.states()).toEqual({ a: 'done', b: 'done', c: 'done' });
  });
});
