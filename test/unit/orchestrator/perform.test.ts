import { describe, expect, test } from 'vitest';
import {
  markOf,
  type AttemptObserver,
  type AttemptRequest,
  type LeftAttempt,
} from '../../../src/orchestrator/executors/executor.ts';
import { performMock } from '../../../src/orchestrator/executors/mock.ts';
import { performWithClaude, type PerformOptions } from '../../../src/orchestrator/executors/perform.ts';
import { GO_ON } from '../../../src/orchestrator/spoke/recovery.ts';
import { fail, ok } from '../../../src/result.ts';
import { init, result, says } from '../fakes/claude-lines.ts';
import { claudeWorld, EVENTS, type Script } from '../fakes/claude-world.ts';
import { makeTask } from '../fakes/tasks.ts';

const answers: Script = {
  hear: (claude, text) => {
    claude.print(init(), says('hm'), result({ result: `answer to ${text}` }));
  },
};
const silent: Script = { endInput: () => undefined };

const requestOf = (over: Partial<AttemptRequest> = {}): AttemptRequest => ({
  run: 'run',
  token: 'tok',
  task: makeTask({ id: 'a' }),
  prompt: 'do a',
  session: 'SID',
  resumes: false,
  knownUsd: 0,
  budgetUsd: undefined,
  dangerouslySkipPermissions: false,
  ...over,
});

function perform(scripts: Script[], request: AttemptRequest, options: Partial<PerformOptions> = {}, left?: LeftAttempt) {
  const world = claudeWorld(scripts);
  const finishes: string[] = [];
  const told: string[] = [];
  const observer: AttemptObserver = {
    onSpawning: (from) => told.push(`spawning ${String(from)}`),
    onSpawned: ({ pid }) => told.push(`spawned ${String(pid)}`),
    onProgress: ({ doing }) => told.push(doing),
    onEvent: ({ kind }) => told.push(kind),
  };
  const machine = {
    ...world.machine,
    processes: { ...world.machine.processes, world: () => ({ bootId: 'b', pidNamespace: 'p' }) },
  };
  const begin = performWithClaude(machine, {
    claude: '/bin/claude',
    findWorkplace: () =>
      Promise.resolve(
        ok({
          cwd: '/work/a',
          finish: (how) => {
            finishes.push(how);
            return Promise.resolve({ branch: 'devctl/run/a' });
          },
        }),
      ),
    filesOf: () => ({ eventsFile: EVENTS, stderrFile: '/out/err' }),
    ...options,
  });
  return { world, finishes, told, begin: () => begin(request, observer, left) };
}

/** The words that follow this one. */
const word = (args: string[] | undefined, name: string) => args?.[args.indexOf(name) + 1];

describe('an attempt', () => {
  test('that goes well has its text, what it used, and the branch that its work is on', async () => {
    const { world, finishes, told, begin } = perform([answers], requestOf());
    const outcome = await world.clock.runUntil(begin().outcome);
    expect(outcome).toMatchObject({
      kind: 'done',
      text: 'answer to do a',
      branch: 'devctl/run/a',
      usage: { costUsd: 0.5, turns: 1 },
    });
    expect(finishes).toEqual(['done']);
    expect(told).toEqual(['spawning 0', 'spawned 101', 'init', 'thinks', 'assistant', 'writes', 'result', 'ends']);
    expect(world.spawns[0]?.request).toMatchObject({ file: '/bin/claude', cwd: '/work/a', env: { DEVCTL_TASK: 'run/a/tok' } });
  });

  test('that fails has its failure, and its work stays', async () => {
    const fails: Script = {
      hear: (claude) => {
        claude.print(init(), result({ is_error: true, api_error_status: 400, result: 'no' }));
        claude.exit(1);
      },
    };
    const { world, finishes, begin } = perform([fails], requestOf());
    const outcome = await world.clock.runUntil(begin().outcome);
    expect(outcome).toMatchObject({ kind: 'failed', failure: { class: 'invalid', message: 'no' }, branch: 'devctl/run/a' });
    expect(finishes).toEqual(['failed']);
  });

  test('without a place to work in fails, and nothing is spawned', async () => {
    const { world, begin } = perform([answers], requestOf(), {
      findWorkplace: () => Promise.resolve(fail({ why: 'there is no folder /x', passes: false })),
    });
    const outcome = await world.clock.runUntil(begin().outcome);
    expect(outcome).toMatchObject({ kind: 'failed', failure: { class: 'workplace', message: 'there is no folder /x' } });
    expect(world.spawns).toHaveLength(0);
  });

  test('that takes too long is ended, and says so', async () => {
    const { world, begin } = perform([silent], requestOf({ task: makeTask({ id: 'a', timeoutMs: 1 }) }));
    const outcome = await world.clock.runUntil(begin().outcome, 1e9);
    expect(outcome).toMatchObject({ kind: 'failed', failure: { class: 'timeout' } });
    expect(world.living.size).toBe(0);
  });

  test('that we end was ended, and nobody of it is left', async () => {
    const { world, finishes, begin } = perform([silent], requestOf());
    const attempt = begin();
    void world.clock.sleep(50).then(attempt.end);
    expect(await world.clock.runUntil(attempt.outcome)).toMatchObject({ kind: 'ended' });
    expect(finishes).toEqual([]);
    expect(world.living.size).toBe(0);
  });

  test('that we end at once is not even begun', async () => {
    const { world, begin } = perform([silent], requestOf());
    const attempt = begin();
    attempt.end();
    expect(await world.clock.runUntil(attempt.outcome)).toMatchObject({ kind: 'ended' });
    expect(world.spawns).toHaveLength(0);
  });

  test.each<[string, number | undefined, number | undefined, string | undefined]>([
    ['its own', 2, undefined, '2'],
    ['what is left of everybody’s', undefined, 3, '3'],
    ['the smaller one', 5, 3, '3'],
    ['the smaller one', 2, 3, '2'],
  ])('is given a budget: %s', async (_, maxBudgetUsd, budgetUsd, expected) => {
    const { world, begin } = perform([answers], requestOf({ task: makeTask({ id: 'a', maxBudgetUsd }), budgetUsd }));
    await world.clock.runUntil(begin().outcome);
    expect(word(world.spawns[0]?.request.args, '--max-budget-usd')).toBe(expected);
  });

  test('that resumes tells its conversation to go on, when those of the earlier attempt are gone', async () => {
    const { world, begin } = perform([answers], requestOf({ resumes: true }));
    const earlier = world.bear('run/a/old', 1);
    const other = world.bear('run/ab/old', 1);
    await world.clock.runUntil(begin().outcome);
    expect(world.starts()).toEqual(['--resume SID']);
    expect(world.spawns[0]?.heard).toEqual([GO_ON]);
    expect(world.signals[0]).toBe(`SIGTERM ${String(earlier.pid)}`);
    expect([...world.living.keys()]).toEqual([other.pid]);
  });

  test('that copies another conversation does so the first time only', async () => {
    const task = makeTask({ id: 'a', resumeFrom: 'OLD' });
    const first = perform([answers], requestOf({ task }));
    await first.world.clock.runUntil(first.begin().outcome);
    expect(first.world.spawns[0]?.request.args).toEqual(
      expect.arrayContaining(['--resume', 'OLD', '--fork-session', '--session-id', 'SID']),
    );
    const second = perform([answers], requestOf({ task, resumes: true }));
    await second.world.clock.runUntil(second.begin().outcome);
    expect(second.world.starts()).toEqual(['--resume SID']);
  });

  test('of a hub that was killed before it wrote down its process is found by its mark', async () => {
    const { world, begin } = perform([], requestOf(), {}, { beganMs: 1_700_000_000_000, eventsFrom: 0, spawned: undefined });
    const { pid } = world.bear('run/a/tok', 1);
    world.files.append(EVENTS, `${init()}\n`);
    void world.clock.sleep(500).then(() => {
      world.files.append(EVENTS, `${result()}\n`);
      world.die(pid, 0);
    });
    expect(await world.clock.runUntil(begin().outcome)).toMatchObject({ kind: 'done', text: 'the answer' });
    expect(world.spawns).toHaveLength(0);
  });
});

test('a mark names the run, the task and the attempt', () => {
  expect(markOf(requestOf())).toBe('run/a/tok');
  expect(markOf(requestOf(), 'w1')).toBe('run/a/tok/w1');
});

test('without Claude Code a task is answered with the first line of its prompt', async () => {
  const observer: AttemptObserver = { onSpawning: () => 0, onSpawned: () => 0, onProgress: () => 0, onEvent: () => 0 };
  const begin = performMock({ MOCK_CLAUDE_MS: '0' });
  const { outcome } = begin(requestOf({ prompt: '\n first \nsecond' }), observer, undefined);
  expect(await outcome).toMatchObject({
    kind: 'done',
    text: expect.stringMatching(/^mock: first/) as string,
    usage: { turns: 1 },
  });
  const ended = performMock({ MOCK_CLAUDE_MS: '100000' })(requestOf(), observer, undefined);
  ended.end();
  expect(await ended.outcome).toMatchObject({ kind: 'ended' });
});
