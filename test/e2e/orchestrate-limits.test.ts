import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claudeBinary } from '../support/claude-binary.ts';
import { bash, MockApi, prompt } from '../support/mock-api.ts';
import { Orchestra } from '../support/orchestra.ts';
import { Rig } from '../support/rig.ts';

/** Limits of money and of turns, with the real Claude Code; and task files that are none. */
const binary = await claudeBinary();
const CLAUDE = binary.kind === 'there' ? binary.path : '';

const why = (orchestra: Orchestra) => orchestra.stats().perTask.map(({ id, state, why: reason }) => [id, state, reason]);

describe.skipIf(CLAUDE === '')('a limit', () => {
  test('of money, of all tasks together: the rest is skipped', async () => {
    await using api = await MockApi.start();
    const ids = ['a', 'b', 'c', 'd'];
    // Each costs some 0.048 USD.
    await using orchestra = Orchestra.create(
      api,
      CLAUDE,
      ids.map((id) => ({ id, dependsOn: id === 'd' ? ['c'] : [], prompt: prompt(id, [{ text: id }]) })),
      { concurrency: 1, maxBudgetUsd: 0.09 },
    );
    const { code, stdout, stderr } = await orchestra.run();
    expect({ code, stderr }).toMatchObject({ code: 1 });
    expect(why(orchestra).slice(2)).toEqual(['c', 'd'].map((id) => [id, 'skipped', 'the budget of 0.09 USD is spent']));
    expect(stdout).toContain('the budget of 0.09 USD is spent');
    expect(api.asked('c')).toEqual([]);
  });

  test('of turns, of money of its own: the task fails with that reason, and is not tried again', async () => {
    await using api = await MockApi.start();
    const steps = [bash('echo 1'), bash('echo 2'), { text: 'never' }];
    await using orchestra = Orchestra.create(api, CLAUDE, [
      { id: 'turns', maxTurns: 1, prompt: prompt('turns', steps) },
      { id: 'money', maxBudgetUsd: 0.05, prompt: prompt('money', steps) },
      { id: 'enough', maxTurns: 3, maxBudgetUsd: 5, prompt: prompt('enough', [bash('echo 1'), { text: 'fine' }]) },
    ]);
    const { code, stderr } = await orchestra.run();
    expect({ code, stderr }).toMatchObject({ code: 1 });
    expect(
      orchestra
        .records('failed')
        .map(({ task, failure }) => [task, failure.class])
        .sort(),
    ).toEqual([
      ['money', 'budget'],
      ['turns', 'max-turns'],
    ]);
    expect(orchestra.read('turns.error.txt')).toMatch(/turns/);
    expect(orchestra.read('money.error.txt')).toMatch(/budget/i);
    expect(orchestra.read('enough.txt')).toBe('fine\n');
    expect(orchestra.stats()).toMatchObject({ attempts: 3, retries: 0 });
  });
});

const JSON_FILE = 'tasks.json';

describe('a task file', () => {
  test.each([
    {
      what: 'with a circle',
      file: JSON_FILE,
      text: '{\n  "tasks": [\n    { "id": "a", "prompt": "x", "dependsOn": ["b"] },\n    { "id": "b", "prompt": "x", "dependsOn": ["a"] }\n  ]\n}\n',
      says: /tasks\.json:3:\d+ .*in a circle: a -> b -> a/,
    },
    {
      what: 'with a task that waits for itself',
      file: JSON_FILE,
      text: '{"tasks":[\n{"id":"a","prompt":"x","dependsOn":["a"]}]}',
      says: /tasks\.json:2:\d+ .*in a circle: a -> a/,
    },
    {
      what: 'with a dependency that is no task',
      file: JSON_FILE,
      text: '{\n  "tasks": [\n    { "id": "build", "prompt": "x" },\n    { "id": "b", "prompt": "x", "dependsOn": ["biuld"] }\n  ]\n}\n',
      says: /tasks\.json:4:\d+ .*depends on "biuld", which is no task[\s\S]*"?build"?/,
    },
    {
      what: 'with an unknown key',
      file: JSON_FILE,
      text: '{\n  "tasks": [\n    { "id": "a", "prompt": "x",\n      "dependson": ["a"] }\n  ]\n}\n',
      says: /tasks\.json:4:7 .*dependson[\s\S]*dependsOn/,
    },
    {
      what: 'with an unknown key of its own',
      file: JSON_FILE,
      text: '{\n  "concurency": 3,\n  "tasks": [{ "id": "a", "prompt": "x" }]\n}\n',
      says: /tasks\.json:2:3 .*concurency[\s\S]*concurrency/,
    },
    {
      what: 'with a mistake in its JSON',
      file: JSON_FILE,
      text: '{\n  "tasks": [\n    { "id": "a" "prompt": "x" }\n  ]\n}\n',
      says: /tasks\.json:3:\d+/,
    },
    {
      what: 'with a mistake in its YAML',
      file: 'tasks.yml',
      text: 'tasks:\n  - id: a\n    prompt: "x\n',
      says: /tasks\.yml:\d+:\d+/,
    },
    {
      what: 'that wants the result of a stranger',
      file: 'tasks.yml',
      text: 'tasks:\n  - id: a\n    prompt: x\n  - id: b\n    prompt: after {{tasks.a.result}}\n',
      says: /tasks\.yml:5:\d+ .*wants the result of "a", on which it does not depend/,
    },
    {
      what: 'with the same name twice',
      file: 'tasks.yml',
      text: 'tasks:\n  - id: a\n    prompt: x\n  - id: A\n    prompt: x\n',
      says: /tasks\.yml:4:\d+ .*There is a task "a" already, in line 2/,
    },
  ])('$what: exit 78, with the place, in --json as well, and nothing is made', async ({ file, text, says }) => {
    await using rig = Rig.create();
    writeFileSync(join(rig.project, file), text);
    const { code, stdout, stderr } = await rig.devctl(`orchestrate ${file}`);
    expect({ code, stdout, stderr }).toMatchObject({ code: 78, stdout: '', stderr: expect.stringMatching(says) as string });
    const json = await rig.devctl(`orchestrate ${file} --json`);
    expect(json.code).toBe(78);
    const { failure } = JSON.parse(json.stdout) as {
      failure: { code: string; data: { problems: { place: { line: number; column: number } }[] } };
    };
    expect(failure.code).toBe('TASKS_INVALID');
    const [, line, column] = /\.(?:json|yml):(\d+):(\d+)/.exec(stderr) ?? [];
    expect(failure.data.problems[0]?.place).toMatchObject({ line: Number(line), column: Number(column) });
    expect(rig.has('.orchestrator-output')).toBe(false);
  });

  test('that is not there, or is a folder: exit 78', async () => {
    await using rig = Rig.create({ 'folder/x': '' });
    for (const [name, says] of [
      ['no.json', 'there is no such file'],
      ['folder', 'it is a folder'],
    ] as const) {
      const { code, stderr } = await rig.devctl(`orchestrate ${name}`);
      expect({ code, stderr }).toMatchObject({ code: 78, stderr: expect.stringContaining(says) as string });
      expect(stderr).toContain(name);
    }
    expect(rig.has('.orchestrator-output')).toBe(false);
  });

  test('--dry-run prints in which order, and makes nothing', async () => {
    await using rig = Rig.create({
      'tasks.yml': [
        'concurrency: 5',
        'tasks:',
        '  - { id: last, prompt: x, dependsOn: [late, early] }',
        '  - { id: late, prompt: x }',
        '  - { id: early, prompt: x, priority: 1 }',
      ].join('\n'),
    });
    const { code, stdout, stderr } = await rig.devctl('orchestrate tasks.yml --dry-run');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trim().split('\n');
    expect(lines.slice(0, 3).map((line) => line.trim().split(/\s+/).slice(0, 2).join(' '))).toEqual([
      '1 early',
      '2 late',
      '3 last',
    ]);
    expect(lines[2]).toContain('after late, early');
    expect(lines.slice(3)).toEqual(['3 tasks, 5 at once (direct), results in .orchestrator-output', 'Nothing was done.']);
    const json = await rig.json<{ concurrency: number; tasks: { id: string }[] }>('orchestrate tasks.yml --dry-run');
    expect(json).toMatchObject({ concurrency: 5, tasks: [{ id: 'last' }, { id: 'late' }, { id: 'early' }] });
    expect(rig.has('.orchestrator-output')).toBe(false);
  });
});
