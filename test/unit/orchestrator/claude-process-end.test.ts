import { describe, expect, test } from 'vitest';
import { apiRetry, init, result, says } from '../fakes/claude-lines.ts';
import { claudeWorld, EVENTS, type Script } from '../fakes/claude-world.ts';

const answers: Script = {
  hear: (claude, text) => {
    claude.print(init(), says('hm'), result({ result: `answer to ${text}` }));
  },
};
/** Ends so in the middle of its work. */
const lostWith = (code: number): Script => ({
  hear: (claude) => {
    claude.print(init(), says('hm'));
    claude.exit(code);
  },
});

/** One message, its turn, and the end. */
async function ask(world: ReturnType<typeof claudeWorld>, options = {}) {
  const claude = world.claude(options);
  const turn = claude.send('do it');
  await world.clock.runUntil(claude.close());
  return turn;
}

describe('its end', () => {
  test('when the API refuses its login, it is ended at once: it would try for minutes', async () => {
    const world = claudeWorld([
      {
        hear: (claude) => {
          claude.print(init(), apiRetry({ error: 'authentication_failed', status: 401 }));
        },
        endInput: () => undefined,
      },
    ]);
    expect(await ask(world)).toMatchObject({ kind: 'lost', failure: { class: 'auth' } });
    expect(world.signals).toContain('SIGTERM 101');
    expect(world.clock.elapsed()).toBeLessThan(1000);
  });

  test('when it stays after its last result, it is ended some seconds later', async () => {
    const world = claudeWorld([{ ...answers, endInput: () => undefined }]);
    expect(await ask(world)).toMatchObject({ kind: 'result', failure: undefined });
    expect(world.signals).toContain('SIGTERM 101');
    expect(world.clock.elapsed()).toBeGreaterThanOrEqual(5000);
    expect(world.clock.elapsed()).toBeLessThan(6000);
  });

  test('when somebody ends it, its turn is lost, and why is told', async () => {
    const world = claudeWorld([{ endInput: () => undefined }]);
    const claude = world.claude();
    const turn = claude.send('do it');
    void world.clock.sleep(50).then(() => claude.terminate({ class: 'timeout', message: 'too long' }));
    await world.clock.runUntil(claude.close());
    expect(await turn).toEqual({ kind: 'lost', failure: { class: 'timeout', message: 'too long' } });
    expect(world.spawns).toHaveLength(1);
    expect(world.living.size).toBe(0);
  });

  test('in a pause before it is resumed, it is not resumed', async () => {
    const world = claudeWorld([lostWith(137)]);
    const claude = world.claude();
    const turn = claude.send('do it');
    void world.clock.sleep(600).then(() => claude.terminate());
    await world.clock.runUntil(claude.close());
    expect(await turn).toMatchObject({ kind: 'lost' });
    expect(world.spawns).toHaveLength(1);
    expect(world.clock.elapsed()).toBeLessThan(1000);
  });

  test('one that ignores TERM is killed', async () => {
    const world = claudeWorld([{ ignoresTerm: true, endInput: () => undefined }]);
    const claude = world.claude();
    void claude.send('do it');
    void world.clock.sleep(50).then(() => claude.terminate());
    await world.clock.runUntil(claude.close());
    expect(world.signals.at(-1)).toBe('SIGKILL 101');
    expect(world.living.size).toBe(0);
  });

  test('nothing that it has started outlives it, and nobody else is touched', async () => {
    const world = claudeWorld([
      {
        hear: (claude) => {
          claude.forks();
          claude.print(init(), result());
        },
      },
    ]);
    const other = world.bear('run/b/tok', 1);
    const stranger = world.bear('', 1);
    await ask(world);
    expect([...world.living.keys()]).toEqual([other.pid, stranger.pid]);
  });
});

describe('a process that an earlier hub has left', () => {
  const left = `old\n${init()}\n`;

  test('is not begun again: its events are read from where it began', async () => {
    const world = claudeWorld([], { [EVENTS]: left });
    const { pid, start } = world.bear('run/a/tok', 1);
    void world.clock.sleep(300).then(() => {
      world.files.append(EVENTS, `${result()}\n`);
      world.die(pid, 0);
    });
    const turn = await ask(world, { adopt: { identity: { pid, start }, eventsFrom: 4 } });
    expect(turn).toMatchObject({ kind: 'result', result: { text: 'the answer' } });
    expect(world.spawns).toHaveLength(0);
  });

  test('and that has ended meanwhile: its result is in the file', async () => {
    const world = claudeWorld([], { [EVENTS]: `${left}${result()}\n` });
    expect(await ask(world, { adopt: { identity: undefined, eventsFrom: 4 } })).toMatchObject({ kind: 'result' });
    expect(world.spawns).toHaveLength(0);
  });

  test('and that has ended without one is resumed', async () => {
    const world = claudeWorld([answers], { [EVENTS]: left });
    expect(await ask(world, { adopt: { identity: undefined, eventsFrom: 4 } })).toMatchObject({ kind: 'result' });
    expect(world.starts()).toEqual(['--resume SID']);
  });
});
