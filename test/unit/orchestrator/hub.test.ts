import { describe, expect, test } from 'vitest';
import { hubWorld } from '../fakes/hub-world.ts';
import { makeTasks } from '../fakes/tasks.ts';

const kinds = (world: ReturnType<typeof hubWorld>, id: string) =>
  world.records.flatMap((record) =>
    'task' in record && record.task === id && !record.kind.startsWith('spawn') ? [record.kind] : [],
  );

describe('which tasks are handed out', () => {
  test('those whose dependencies are done, as soon as they are', async () => {
    const tasks = makeTasks({ id: 'c', dependsOn: ['a', 'b'] }, { id: 'a' }, { id: 'b', dependsOn: ['a'] }, { id: 'd' });
    const world = hubWorld(tasks, { plan: (id) => ({ ms: id === 'd' ? 100 : 10 }) });
    expect(await world.run()).toEqual({ kind: 'finished' });
    expect(world.begins()).toEqual(['a 0', 'd 0', 'b 10', 'c 20']);
    expect(world.states()).toEqual({ a: 'done', b: 'done', c: 'done', d: 'done' });
  });

  test('no more at once than that, the urgent ones first, then by their place in the file', async () => {
    const tasks = makeTasks({ id: 'late', priority: 200 }, { id: 'b' }, { id: 'a' }, { id: 'first', priority: 1 });
    const world = hubWorld(tasks, { concurrency: 2 });
    await world.run();
    expect(world.begins()).toEqual(['first 0', 'b 0', 'a 10', 'late 10']);
    expect(world.peak).toBe(2);
  });

  test('one after the other with a pause in between, so that not all of them load at once', async () => {
    const world = hubWorld(makeTasks({ id: 'a' }, { id: 'b' }, { id: 'c' }), { rampMs: 200, plan: () => ({ ms: 1000 }) });
    await world.run();
    expect(world.begins()).toEqual(['a 0', 'b 200', 'c 400']);
  });

  test('with the results of those that they depend on in their prompts', async () => {
    const [a, b] = makeTasks({ id: 'a' }, { id: 'b', dependsOn: ['a'], prompt: 'Sum up: {{tasks.a.result}}!' });
    if (!a || !b) throw new Error('no tasks');
    const world = hubWorld([a, b], { plan: () => ({ text: 'It is $& and {{tasks.b.result}}' }) });
    await world.run();
    expect(world.begun[1]?.request.prompt).toBe('Sum up: It is $& and {{tasks.b.result}}!');
  });

  test('nobody: it is finished at once', async () => {
    expect(await hubWorld([]).run()).toEqual({ kind: 'finished' });
  });
});

describe('what is written down', () => {
  test('each step before anything follows from it', async () => {
    const world = hubWorld(makeTasks({ id: 'a' }), {
      plan: () => ({
        act: () => {
          expect(kinds(world, 'a')).toEqual(['attempt']);
        },
      }),
    });
    await world.run();
    expect(world.records.map(({ kind }) => kind)).toEqual(['attempt', 'spawning', 'spawned', 'done']);
  });

  test('and before the board shows it', async () => {
    const states: string[] = [];
    const world = hubWorld(makeTasks({ id: 'a' }), {
      onWrite: ({ kind }) => states.push(`${kind}: ${world.states()['a'] ?? ''}`),
    });
    await world.run();
    expect(states).toEqual(['attempt: ready', 'spawning: running', 'spawned: running', 'done: running']);
  });

  test('the result is in its file before it counts as done', async () => {
    const tasks = makeTasks({ id: 'a' });
    const results = new Map<string, string>();
    const set = results.set.bind(results);
    const kindsThen: string[] = [];
    const world = hubWorld(tasks, { results });
    results.set = (id, text) => {
      kindsThen.push(...kinds(world, id));
      return set(id, text);
    };
    await world.run();
    expect(kindsThen).toEqual(['attempt']);
    expect(results.get('a')).toBe('result of a');
  });

  test('every attempt has a token of its own, and every task a session of its own for all its attempts', async () => {
    const world = hubWorld(makeTasks({ id: 'a' }, { id: 'b' }), { plan: (_, nth) => (nth === 1 ? { failure: 'crashed' } : {}) });
    await world.run();
    const requests = world.begun.map(({ request }) => request);
    expect(new Set(requests.map(({ token }) => token)).size).toBe(4);
    const sessions = (id: string) => requests.filter(({ task }) => task.id === id).map(({ session }) => session);
    expect(new Set(sessions('a')).size).toBe(1);
    expect(new Set([...sessions('a'), ...sessions('b')]).size).toBe(2);
    expect(requests.map(({ task, resumes }) => `${task.id} ${String(resumes)}`)).toEqual([
      'a false',
      'b false',
      'a true',
      'b true',
    ]);
  });
});

describe('a task that fails', () => {
  const TASKS = makeTasks({ id: 'a' }, { id: 'b', dependsOn: ['a'] }, { id: 'c', dependsOn: ['b'] }, { id: 'd' });

  test.each(['invalid', 'max-turns', 'budget', 'refused', 'workplace'] as const)(
    'for a reason that stays (%s) is not tried again, and those behind it are skipped with the reason',
    async (failure) => {
      const world = hubWorld(TASKS, { plan: (id) => (id === 'a' ? { failure } : {}) });
      expect(await world.run()).toEqual({ kind: 'finished' });
      expect(world.states()).toEqual({ a: 'failed', b: 'skipped', c: 'skipped', d: 'done' });
      expect(world.board.entries.get('b')?.state).toEqual({
        kind: 'skipped',
        because: expect.stringMatching(/"a" has failed/) as string,
      });
      expect(world.errors.get('a')).toEqual({ failure: { class: failure, message: `${failure} of a` }, attempts: 1 });
      expect([...world.errors.keys()]).toEqual(['a']);
    },
  );

  test.each(['rate-limit', 'overloaded', 'server', 'crashed', 'timeout', 'other'] as const)(
    'for a reason that can pass (%s) is tried as often as it may be, and then fails',
    async (failure) => {
      const [a] = makeTasks({ id: 'a', maxRetries: 2 });
      if (!a) throw new Error('no task');
      const world = hubWorld([a], { plan: () => ({ failure }) });
      await world.run();
      expect(kinds(world, 'a')).toEqual(['attempt', 'retry', 'attempt', 'retry', 'attempt', 'failed']);
      expect(world.errors.get('a')?.attempts).toBe(3);
    },
  );

  test('is tried again twice as late each time', async () => {
    const world = hubWorld(makeTasks({ id: 'a' }), { plan: (_, nth) => ({ ms: 0, failure: nth < 4 ? 'other' : undefined }) });
    await world.run();
    expect(world.begins()).toEqual(['a 0', 'a 1000', 'a 3000', 'a 7000']);
  });

  test('lets others go first meanwhile, and is no less urgent after that', async () => {
    const tasks = makeTasks({ id: 'a', priority: 1 }, { id: 'b' }, { id: 'c' });
    const world = hubWorld(tasks, {
      concurrency: 1,
      plan: (id, nth) => ({ ms: 900, failure: id + String(nth) === 'a1' ? 'other' : undefined }),
    });
    await world.run();
    expect(world.begins()).toEqual(['a 0', 'b 900', 'c 1800', 'a 2700']);
  });

  test('at a limit whose end the API names waits for it, however often, and everybody else does too', async () => {
    const world = hubWorld(makeTasks({ id: 'a', maxRetries: 0 }, { id: 'b' }), {
      concurrency: 1,
      plan: (id, nth) =>
        id === 'a' && nth < 3
          ? {
              ms: 0,
              failure: { class: 'rate-limit', message: 'limit', retryAtMs: world.clock.now() + 60_000, isReset: true },
            }
          : {},
    });
    await world.run();
    expect(world.begins()).toEqual(['a 0', 'a 60000', 'a 120000', 'b 120010']);
    expect(world.states()).toEqual({ a: 'done', b: 'done' });
  });
});

describe('what was used', () => {
  test('is summed over all attempts', async () => {
    const world = hubWorld(makeTasks({ id: 'a' }), { plan: (_, nth) => ({ usd: nth, failure: nth < 3 ? 'other' : undefined }) });
    await world.run();
    expect(world.board.spentUsd).toBe(6);
    expect(world.board.entries.get('a')).toMatchObject({
      usage: { costUsd: 6, turns: 3, durationMs: 30 },
      attempts: 3,
      retries: 2,
    });
    expect(world.begun.map(({ request }) => request.knownUsd)).toEqual([0, 1, 3]);
  });

  test('of everybody’s budget ends it: no task begins any more, and why is said', async () => {
    const world = hubWorld(makeTasks({ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd', dependsOn: ['c'] }), {
      concurrency: 1,
      budgetUsd: 2,
      plan: () => ({ usd: 1 }),
    });
    expect(await world.run()).toEqual({ kind: 'finished' });
    expect(world.states()).toEqual({ a: 'done', b: 'done', c: 'skipped', d: 'skipped' });
    expect(world.board.entries.get('c')?.state).toMatchObject({ because: expect.stringMatching(/budget of 2 USD/) as string });
    expect(world.begun.map(({ request }) => request.budgetUsd)).toEqual([2, 1]);
  });

  test('may be anything where no budget is set', async () => {
    const world = hubWorld(makeTasks({ id: 'a' }, { id: 'b' }), { concurrency: 1, plan: () => ({ usd: 1e6 }) });
    await world.run();
    expect(world.states()).toEqual({ a: 'done', b: 'done' });
    expect(world.begun[1]?.request.budgetUsd).toBeUndefined();
  });
});
