import { describe, expect, test } from 'vitest';
import { parseTasks } from '../../../src/orchestrator/tasks/parse.ts';
import { fail, ok } from '../../../src/result.ts';
import { failureOf } from '../fakes/expect-ok.ts';

const problems = (text: string) =>
  failureOf(
    parseTasks(text, 'tasks.yml', (path) =>
      path === 'empty.md' ? ok(' \n') : path === 'a.md' ? ok('{{tasks.a.result}}') : fail('there is no such file'),
    ),
  );

/** A text, where its problem is, and what is said of it. */
const BAD: [string, string, [number, number], RegExp, string?][] = [
  ['a file that is a list', '- id: a\n', [1, 1], /The file/],
  ['no task', 'tasks: []', [1, 8], /"tasks".*at least one/],
  ['tasks that are no list', 'tasks:\n  a: x\n', [2, 3], /"tasks"/],
  ['an unknown setting', 'concurency: 2\ntasks: [{ id: a, prompt: x }]', [1, 1], /"concurency" is not/, 'concurrency:'],
  ['an unknown setting of a task', 'tasks:\n  - id: a\n    promt: x\n    prompt: x', [3, 5], /"tasks.0.promt"/, 'prompt:'],
  [
    'an unknown setting, in JSON',
    '{\n  "tasks": [\n    { "id": "a", "prompt": "x", "dependson": "b" }\n  ]\n}',
    [3, 33],
    /dependson/,
    'dependsOn:',
  ],
  ['a task without a prompt', 'tasks:\n  - id: a', [2, 9], /"a" has no prompt/],
  ['an empty prompt', 'tasks:\n  - id: a\n    prompt: ""', [3, 13], /"tasks.0.prompt"/],
  ['two prompts', 'tasks:\n  - id: a\n    prompt: x\n    promptFile: p.md', [4, 17], /"a" has a prompt and a promptFile/],
  ['a prompt file that is not there', 'tasks:\n  - id: a\n    promptFile: no.md', [3, 17], /"no.md" cannot be read: there is no/],
  ['a prompt file with nothing in it', 'tasks:\n  - id: a\n    promptFile: empty.md', [3, 17], /"empty.md" is empty/],
  ['the same id twice', 'tasks:\n  - { id: a, prompt: x }\n  - { id: a, prompt: x }', [3, 11], /"a" already, in line 2/],
  [
    'the same id but for its case',
    'tasks:\n  - { id: a, prompt: x }\n  - { id: A, prompt: x }',
    [3, 11],
    /"a" already, in line 2/,
  ],
  [
    'an unknown dependency',
    'tasks:\n  - { id: build, prompt: x }\n  - { id: b, prompt: x, dependsOn: biuld }',
    [3, 36],
    /"b" depends on "biuld", which is no task/,
    'build',
  ],
  [
    'an unknown dependency like no other',
    'tasks:\n  - { id: build, prompt: x }\n  - { id: b, prompt: x, dependsOn: zzz }',
    [3, 36],
    /"zzz"/,
  ],
  ['a task that waits for itself', 'tasks:\n  - { id: a, prompt: x, dependsOn: a }', [2, 36], /circle: a -> a$/],
  [
    'a circle',
    'tasks:\n  - { id: z, prompt: x }\n  - { id: a, prompt: x, dependsOn: b }\n  - { id: b, prompt: x, dependsOn: [z, a] }',
    [3, 36],
    /circle: a -> b -> a$/,
  ],
  [
    'a result of a task that is none',
    'tasks:\n  - { id: a, prompt: "{{tasks.b.result}}" }',
    [2, 22],
    /"a" wants the result of "b", which is no task/,
  ],
  [
    'a result of a task that comes later',
    'tasks:\n  - { id: a, prompt: "{{ tasks.b.result }}" }\n  - { id: b, prompt: x }',
    [2, 22],
    /result of "b", on which it does not depend/,
  ],
  ['a result of its own', 'tasks:\n  - { id: a, prompt: "{{tasks.a.result}}" }', [2, 22], /result of "a"/],
  [
    'a result wanted by a prompt file',
    'tasks:\n  - { id: b, promptFile: a.md }\n  - { id: a, prompt: x }',
    [2, 5],
    /"b" wants the result of "a"/,
  ],
  ['a priority that is a word', 'tasks:\n  - { id: a, prompt: x, priority: high }', [2, 35], /"tasks.0.priority"/],
  ['a priority below 0', 'tasks:\n  - { id: a, prompt: x, priority: -1 }', [2, 35], /"tasks.0.priority"/],
  ['retries with a fraction', 'tasks:\n  - { id: a, prompt: x, maxRetries: 1.5 }', [2, 37], /"tasks.0.maxRetries"/],
  ['a timeout that is none', 'tasks:\n  - { id: a, prompt: x, timeout: soon }', [2, 34], /"tasks.0.timeout".*90s/],
  ['a timeout of 0', 'tasks:\n  - { id: a, prompt: x, timeout: 0 }', [2, 34], /"tasks.0.timeout"/],
  ['a timeout below 0', 'tasks:\n  - { id: a, prompt: x, timeout: -5 }', [2, 34], /"tasks.0.timeout"/],
  ['a timeout without end', 'tasks:\n  - { id: a, prompt: x, timeout: .inf }', [2, 34], /"tasks.0.timeout"/],
  ['a timeout in days', 'defaultTimeout: 1d\ntasks: [{ id: a, prompt: x }]', [1, 17], /"defaultTimeout".*2h/],
  ['no concurrency at all', 'concurrency: 0\ntasks: [{ id: a, prompt: x }]', [1, 14], /"concurrency"/],
  ['a budget of nothing', 'maxBudgetUsd: 0\ntasks: [{ id: a, prompt: x }]', [1, 15], /"maxBudgetUsd"/],
  [
    'a permission mode that is none',
    'tasks:\n  - { id: a, prompt: x, permissionMode: yolo }',
    [2, 41],
    /"tasks.0.permissionMode".*acceptEdits/,
  ],
  ['a session that is none', 'tasks:\n  - { id: a, prompt: x, resumeFrom: last }', [2, 37], /"tasks.0.resumeFrom".*session/],
  [
    'a bad name of a variable',
    'tasks:\n  - id: a\n    prompt: x\n    env:\n      a-b: 1',
    [5, 7],
    /"tasks.0.env.a-b".*variable name/,
  ],
  ['a variable that is a list', 'tasks:\n  - id: a\n    prompt: x\n    env:\n      A: [1]', [5, 10], /"tasks.0.env.A"/],
  ['a ref that is an option', 'tasks:\n  - { id: a, prompt: x, ref: --upload-pack=x }', [2, 30], /"tasks.0.ref"/],
];

describe('problems of a task file', () => {
  test.each(BAD)('%s', (_, text, [line, column], what, instead) => {
    const found = problems(text);
    expect(found).toHaveLength(1);
    expect(found[0]?.what).toMatch(what);
    expect(found[0]?.what).not.toMatch(/undefined|\[object/);
    expect(found[0]?.place).toEqual({ file: 'tasks.yml', line, column });
    expect(found[0]?.instead).toBe(instead);
  });

  test.each([
    ['an empty file', '', 1, /"tasks"/],
    ['a file without tasks', 'concurrency: 2\n', 1, /"tasks"/],
    ['a task without an id', 'tasks:\n  - prompt: x', 2, /"tasks.0.id"/],
    ['somebody to tell who is neither', 'tasks: [{ id: a, prompt: x }]\nnotify: { mail: x }', 2, /"notify/],
    ['somebody to tell twice', 'tasks: [{ id: a, prompt: x }]\nnotify: { command: x, webhook: "http://x/" }', 2, /"notify"/],
  ])('%s', (_, text, line, what) => {
    const [first] = problems(text);
    expect(first?.place.line).toBe(line);
    expect(first?.what).toMatch(what);
  });

  test('every one is told, each with its own place', () => {
    const text = 'tasks:\n  - id: a\n    prompt: x\n    timeout: no\n  - id: b\n    promt: x\n    priority: x\nconcurrency: x\n';
    expect(problems(text).map(({ place }) => place.line)).toEqual([4, 6, 7, 8]);
  });

  test('every unknown dependency and every wanted result is told', () => {
    const text = 'tasks:\n  - { id: a, prompt: x, dependsOn: [x, y] }\n  - { id: b, prompt: x, dependsOn: z }\n';
    expect(problems(text).map(({ what }) => /depends on "(.)"/.exec(what)?.[1])).toEqual(['x', 'y', 'z']);
    const wants = 'tasks:\n  - { id: a, prompt: "{{tasks.b.result}} {{tasks.c.result}}" }\n  - { id: b, prompt: x }\n';
    expect(problems(wants)).toHaveLength(2);
  });

  test('text that is neither JSON nor YAML', () => {
    expect(problems('{\n  "tasks": [\n    { "id": "a" \n').at(0)?.place.line).toBeGreaterThanOrEqual(3);
  });

  test('the same key twice', () => {
    expect(problems('tasks: [{ id: a, prompt: x }]\ntasks: []\n')[0]?.place).toMatchObject({ line: 2, column: 1 });
  });
});
