import { describe, expect, test } from 'vitest';
import { GO_ON } from '../../../src/orchestrator/spoke/recovery.ts';
import { init, result, says } from '../fakes/claude-lines.ts';
import { claudeWorld, EVENTS, type Script } from '../fakes/claude-world.ts';

const answers: Script = {
  hear: (claude, text) => {
    claude.print(init(), says('hm'), result({ result: `answer to ${text}` }));
  },
};
const answersAtOnce: Script = {
  begin: (claude) => {
    claude.print(result());
  },
};
/** Ends so in the middle of its work. */
const lostWith = (code: number): Script => ({
  hear: (claude) => {
    claude.print(init(), says('hm'));
    claude.exit(code);
  },
});
const UNKNOWN = 'No conversation found with session ID: SID';

/** One message, its turn, and the end. */
async function ask(world: ReturnType<typeof claudeWorld>, options = {}) {
  const claude = world.claude(options);
  const turn = claude.send('do it');
  await world.clock.runUntil(claude.close());
  return turn;
}

describe('a conversation', () => {
  test('is one process: a message goes in, its result comes out', async () => {
    const world = claudeWorld([answers]);
    expect(await ask(world)).toMatchObject({ kind: 'result', result: { text: 'answer to do it' }, failure: undefined });
    expect(world.starts()).toEqual(['--session-id SID']);
    expect(world.spawns[0]?.heard).toEqual(['do it']);
    expect(world.spawns[0]?.request).toMatchObject({ file: 'claude', cwd: '/app', stdout: EVENTS, stderr: '/out/err' });
    expect(world.living.size).toBe(0);
  });

  test('of several turns is one process as well, and the next message waits for the result', async () => {
    const world = claudeWorld([
      {
        hear: (claude, text) => {
          void claude.sleep(100).then(() => {
            expect(world.spawns[0]?.heard.at(-1)).toBe(text);
            claude.print(init(), result({ result: text }));
          });
        },
        endInput: (claude) => {
          void claude.sleep(100).then(() => {
            claude.exit(0);
          });
        },
      },
    ]);
    const claude = world.claude();
    const turns = ['one', 'two', 'three'].map((text) => claude.send(text));
    await world.clock.runUntil(claude.close());
    expect((await Promise.all(turns)).map((turn) => turn.kind === 'result' && turn.result.text)).toEqual(['one', 'two', 'three']);
    expect(world.spawns).toHaveLength(1);
  });

  test('tells every event in order, and nobody’s mistake stops that', async () => {
    const world = claudeWorld([answers]);
    const kinds: string[] = [];
    await ask(world, {
      onEvent: ({ kind }: { kind: string }) => {
        kinds.push(kind);
        throw new Error('a mistake');
      },
    });
    expect(kinds).toEqual(['init', 'assistant', 'result']);
  });

  test('that fails is not begun again by itself', async () => {
    const fails: Script = {
      hear: (claude) => {
        claude.print(init(), result({ is_error: true, api_error_status: 529 }));
        claude.exit(1);
      },
    };
    const world = claudeWorld([fails]);
    expect(await ask(world)).toMatchObject({ kind: 'result', failure: { class: 'overloaded' } });
    expect(world.spawns).toHaveLength(1);
  });

  test('takes no message when it is over', async () => {
    const world = claudeWorld([answers]);
    const claude = world.claude();
    await world.clock.runUntil(claude.close());
    expect(await claude.send('too late')).toMatchObject({ kind: 'lost' });
  });
});

describe('a process that is lost in the middle of its work', () => {
  test.each([
    ['killed', 137],
    ['with 1', 1],
    ['with 0 and no result line', 0],
  ])('(%s) is resumed, and told to go on', async (_, code) => {
    const world = claudeWorld([lostWith(code), answers]);
    expect(await ask(world)).toMatchObject({ kind: 'result', failure: undefined });
    expect(world.starts()).toEqual(['--session-id SID', '--resume SID']);
    expect(world.spawns.map(({ heard }) => heard)).toEqual([['do it'], [GO_ON]]);
    expect((world.spawns[1]?.atMs ?? 0) - (world.spawns[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  test('is resumed three times, later each time, and then given up', async () => {
    const world = claudeWorld([lostWith(137)]);
    expect(await ask(world)).toMatchObject({ kind: 'lost', failure: { class: 'crashed' } });
    expect(world.starts()).toEqual(['--session-id SID', '--resume SID', '--resume SID', '--resume SID']);
    const times = world.spawns.map(({ atMs }) => atMs);
    const pauses = times.slice(1).map((atMs, index) => Math.floor((atMs - (times[index] ?? 0)) / 1000));
    expect(pauses).toEqual([1, 2, 4]);
  });

  test('what it had started is ended before it is resumed', async () => {
    const alive: number[] = [];
    const forks: Script = {
      hear: (claude) => {
        claude.forks();
        claude.print(init());
        claude.exit(137);
      },
    };
    const counts: Script = {
      hear: (claude) => {
        alive.push(world.living.size);
        claude.print(result());
      },
    };
    const world = claudeWorld([forks, counts]);
    await ask(world);
    expect(alive).toEqual([1]);
  });

  test('before anything was written down: it begins anew, with the same id and the whole message', async () => {
    const unknown: Script = {
      hear: (claude) => {
        claude.says(UNKNOWN);
        claude.print(result({ is_error: true, subtype: 'error_during_execution', result: undefined, errors: [UNKNOWN] }));
        claude.exit(1);
      },
    };
    const killed: Script = {
      begin: (claude) => {
        claude.exit(137);
      },
    };
    const world = claudeWorld([killed, unknown, answers]);
    const claude = world.claude({ knownUsd: 9 });
    const turn = claude.send('do it');
    await world.clock.runUntil(claude.close());
    expect(await turn).toMatchObject({ kind: 'result', failure: undefined });
    expect(claude.progress.costUsd).toBe(0.5);
    expect(world.starts()).toEqual(['--session-id SID', '--resume SID', '--session-id SID']);
    expect(world.spawns[2]?.heard).toEqual(['do it']);
  });

  test('what it has left of a line does not mix with the first line of the next', async () => {
    const torn: Script = {
      hear: (claude) => {
        claude.print(init());
        claude.printPart('{"type":"assistant","mess');
        claude.exit(137);
      },
    };
    const world = claudeWorld([torn, answersAtOnce]);
    expect(await ask(world)).toMatchObject({ kind: 'result', result: { text: 'the answer' } });
    expect(world.spawns).toHaveLength(2);
  });

  test('in a later turn: the turns before it are not asked again', async () => {
    const second: Script = {
      hear: (claude, text) => {
        if (text === 'two') claude.exit(137);
        else claude.print(init(), result({ result: text }));
      },
    };
    const world = claudeWorld([second, answers]);
    const claude = world.claude();
    const turns = ['one', 'two', 'three'].map((text) => claude.send(text));
    await world.clock.runUntil(claude.close());
    expect((await Promise.all(turns)).map(({ kind }) => kind)).toEqual(['result', 'result', 'result']);
    expect(world.spawns.map(({ heard }) => heard)).toEqual([
      ['one', 'two'],
      [GO_ON, 'three'],
    ]);
  });

  test('that said why it does not begin is not begun again', async () => {
    const refuses: Script = {
      begin: (claude) => {
        claude.says('error: unknown option --frobnicate\n');
        claude.exit(1);
      },
    };
    const world = claudeWorld([refuses]);
    const failure = { class: 'refused', message: 'error: unknown option --frobnicate' };
    expect(await ask(world)).toEqual({ kind: 'lost', failure });
    expect(world.spawns).toHaveLength(1);
  });

  test('that is not there at all', async () => {
    const world = claudeWorld([{ isMissing: true }]);
    expect(await ask(world)).toMatchObject({ kind: 'lost', failure: { class: 'no-claude' } });
    expect(world.spawns).toHaveLength(1);
  });
});
