import { describe, expect, test } from 'vitest';
import { answers, ask, many, metric, mock, taken, TASKS, withClient } from '../support/channel.ts';
import { Fleet } from '../support/fleet.ts';
import { Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** How much `devctl executor` takes at once, and how it ends. */
describe('an executor', () => {
  test('works on CLAUDE_MAX_CONCURRENT requests at once', async () => {
    await using fleet = await Fleet.create(TASKS);
    const port = await Rig.freePort();
    await mock(fleet, 300, { CLAUDE_MAX_CONCURRENT: '2' }, `--http ${String(port)}`);
    await withClient(fleet, async (client) => {
      const [beganMs, seen, state] = [Date.now(), new Set<number>(), { isOver: false }];
      const all = many(client, 10).finally(() => (state.isOver = true));
      while (!state.isOver) seen.add(await metric(port, 'claude_main_active_requests'));
      expect(await all).toEqual(answers(10));
      expect(Math.max(...seen)).toBe(2);
      expect(Date.now() - beganMs).toBeGreaterThanOrEqual(1500);
      expect(await metric(port, 'claude_main_request_success_total')).toBe(10);
    });
  });

  test('turns away what comes when 50 wait', async () => {
    await using fleet = await Fleet.create(TASKS);
    const port = await Rig.freePort();
    const begun = await mock(fleet, 60_000, { CLAUDE_MAX_CONCURRENT: '2' }, `--http ${String(port)}`);
    await withClient(fleet, async (client) => {
      const all = many(client, 52);
      await waitFor('all to be taken', async () => (await taken(fleet)) === 52);
      expect(await metric(port, 'claude_main_queue_depth')).toBe(50);
      expect(await many(client, 5)).toEqual(Array(5).fill('busy'));
      expect(await metric(port, 'claude_main_backpressure_rejected_total')).toBe(5);
      // Two of one kind may be one.
      begun.signal('SIGTERM');
      begun.signal('SIGINT');
      expect((await all).sort()).toEqual([...Array<string>(2).fill('cancelled'), ...Array<string>(50).fill('ended')]);
    });
  });

  test('turns away what comes at once with 52 others', async () => {
    await using fleet = await Fleet.create(TASKS);
    const port = await Rig.freePort();
    await mock(fleet, 400, { CLAUDE_MAX_CONCURRENT: '2' }, `--http ${String(port)}`);
    await withClient(fleet, async (client) => {
      const all = await many(client, 70);
      expect(all.filter((text) => text === 'busy')).toHaveLength(18);
      expect(all.filter((text) => text.startsWith('mock: number '))).toHaveLength(52);
      expect(await metric(port, 'claude_main_backpressure_rejected_total')).toBe(18);
      expect(await ask(client, 'later')).toBe('mock: later');
    });
  });

  test('and another one: each request is answered once, and who has room takes it', async () => {
    await using fleet = await Fleet.create(TASKS);
    const ports = [await Rig.freePort(), await Rig.freePort()];
    for (const port of ports) await mock(fleet, 50, { CLAUDE_MAX_CONCURRENT: '3' }, `--http ${String(port)}`);
    await withClient(fleet, async (client) => {
      expect(await many(client, 60)).toEqual(answers(60));
      const each = await Promise.all(ports.map((port) => metric(port, 'claude_main_request_received_total')));
      console.log(`of 60 requests one took ${String(each[0])}, the other ${String(each[1])}`);
      expect(each.reduce((sum, one) => sum + one)).toBe(60);
      const done = await Promise.all(ports.map((port) => metric(port, 'claude_main_request_success_total')));
      expect(done).toEqual(each);
    });
  });

  test('outlives requests that are none, and those that no system call takes', async () => {
    await using fleet = await Fleet.create(TASKS);
    await mock(fleet, 10);
    await withClient(fleet, async (client) => {
      const base = { id: 'request-1', prompt: 'x', timeoutMs: 1000, wishes: {} };
      const strange = ['{', 'null', '[]', '7', { ...base, cwd: 'a\0b' }, { ...base, wishes: { model: 5 } }];
      const flags = [
        { ...base, wishes: { allowedTools: ['--dangerously-skip-permissions'] } },
        { ...base, wishes: { env: { A: '\0' } } },
      ];
      for (const request of [...strange, ...flags]) {
        const text = typeof request === 'string' ? request : JSON.stringify(request);
        await fleet.redis.ask((redis) => redis.publish('devctl:executor-1:requests', text));
        await fleet.redis.ask((redis) => redis.publish('devctl:executor-1:cancels', text));
      }
      expect(await ask(client, 'still there')).toBe('mock: still there');
      expect(await fleet.redis.ask((redis) => redis.exists('devctl:executor-1:claim:request-1'))).toBe(0);
    });
  });

  test('that is told to end answers what it has taken, and takes nothing new: exit 0', async () => {
    await using fleet = await Fleet.create(TASKS);
    const begun = await mock(fleet, 1000, { CLAUDE_MAX_CONCURRENT: '1' });
    await withClient(fleet, async (client) => {
      const events: string[] = [];
      const all = many(client, 3).finally(() => events.push('answered'));
      await waitFor('all to be taken', async () => (await taken(fleet)) === 3);
      begun.signal('SIGTERM');
      const nobody = async () => (await ask(client, 'new')) === 'no_executor';
      await waitFor('it to take no more', nobody, 5000);
      expect(events).toEqual([]);
      expect(await all).toEqual(answers(3));
    });
    expect((await begun.end()).code).toBe(0);
  });

  test('told twice ends what it has, and says so to the callers', async () => {
    await using fleet = await Fleet.create(TASKS);
    const begun = await mock(fleet, 60_000, { CLAUDE_MAX_CONCURRENT: '1' });
    await withClient(fleet, async (client) => {
      const all = many(client, 2);
      await waitFor('both to be taken', async () => (await taken(fleet)) === 2);
      begun.signal('SIGTERM');
      begun.signal('SIGINT');
      expect((await all).sort()).toEqual(['cancelled', 'ended']);
    });
    expect([0, 130]).toContain((await begun.end()).code);
  });

  test('that is told to end while Redis is gone ends all the same', async () => {
    await using fleet = await Fleet.create(TASKS);
    const begun = await mock(fleet, 10);
    await fleet.redis.kill();
    begun.signal('SIGTERM');
    expect(await begun.end(20_000)).toMatchObject({ code: 0 });
  });

  test.each(['CLAUDE_MAX_CONCURRENT', 'CLAUDE_TIMEOUT', 'CLAUDE_MAX_FAILURES'])('wants a number in %s', async (name) => {
    await using rig = Rig.create();
    const { code, stderr } = await rig.devctl('executor', { env: { [name]: 'many', MOCK_CLAUDE: 'true' } });
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(`${name} "many"`) as string });
  });
});
