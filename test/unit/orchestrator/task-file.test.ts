import { describe, expect, test } from 'vitest';
import { parseTasks } from '../../../src/orchestrator/tasks/parse.ts';
import type { Task } from '../../../src/orchestrator/tasks/task.ts';
import { fail, ok } from '../../../src/result.ts';
import { failureOf, valueOf } from '../fakes/expect-ok.ts';
import { makeTask } from '../fakes/tasks.ts';

const PROMPTS: Record<string, string> = { 'p.md': 'from a file\n', 'empty.md': ' \n', 'a.md': '{{tasks.a.result}}' };
const readPrompt = (path: string) => {
  const text = PROMPTS[path];
  return text === undefined ? fail('there is no such file') : ok(text);
};
const parse = (text: string) => parseTasks(text, 'tasks.yml', readPrompt);
const file = (text: string) => valueOf(parse(text));
/** The one task of a file that says this of it. */
const taskWith = (words: string) => file(`tasks: [{ id: a, ${words} }]`).tasks[0];
const problems = (text: string) => failureOf(parse(text));

describe('a task file', () => {
  test('in JSON', () => {
    const text = '{\n  "tasks": [{ "id": "a", "prompt": "say \\"hi\\"\\nto\\u00e4 \\ud83d\\ude00 \\/" }],\n  "concurrency": 4\n}';
    expect(file(text)).toEqual({
      tasks: [makeTask({ id: 'a', prompt: 'say "hi"\ntoä 😀 /' })],
      concurrency: 4,
      outputDir: '.orchestrator-output',
      maxBudgetUsd: undefined,
      dangerouslySkipPermissions: false,
      notify: undefined,
    });
  });

  test.each([
    ['tabs for indents', '{\n\t"tasks": [\n\t\t{\n\t\t\t"id": "a",\n\t\t\t"prompt": "x"\n\t\t}\n\t]\n}\n'],
    ['lines of Windows', '{\r\n  "tasks": [\r\n    { "id": "a",\r\n      "prompt": "x" }\r\n  ]\r\n}\r\n'],
    ['a byte order mark', '\uFEFF{"tasks":[{"id":"a","prompt":"x"}]}'],
    ['no blanks at all', '{"tasks":[{"id":"a","prompt":"x"}]}'],
  ])('in JSON with %s', (_, text) => {
    expect(file(text).tasks).toEqual([makeTask({ id: 'a', prompt: 'x' })]);
  });

  test('in JSON with a prompt of many thousand characters', () => {
    const prompt = 'word: #1 - "x" '.repeat(10_000);
    expect(file(JSON.stringify({ tasks: [{ id: 'a', prompt }] })).tasks[0]?.prompt).toBe(prompt);
  });

  test('in YAML, with a prompt of several lines', () => {
    const text = 'tasks:\n  - id: a\n    prompt: |\n      first\n      second\n';
    expect(file(text).tasks).toEqual([makeTask({ id: 'a', prompt: 'first\nsecond\n' })]);
  });

  test('with everything that it can say of all tasks', () => {
    const text = [
      'tasks:',
      '  - { id: a, prompt: x }',
      '  - { id: b, prompt: x, timeout: 5s, maxRetries: 0, repository: r2, ref: v1 }',
      'concurrency: 7',
      'defaultTimeout: 2h',
      'defaultMaxRetries: 1',
      'outputDir: out',
      'maxBudgetUsd: 2.5',
      'dangerouslySkipPermissions: true',
      'repository: r1',
      'ref: main',
      'notify: { command: say done }',
    ].join('\n');
    expect(file(text)).toEqual({
      tasks: [
        makeTask({ id: 'a', prompt: 'x', timeoutMs: 7_200_000, maxRetries: 1, repository: 'r1', ref: 'main' }),
        makeTask({ id: 'b', prompt: 'x', timeoutMs: 5000, maxRetries: 0, repository: 'r2', ref: 'v1' }),
      ],
      concurrency: 7,
      outputDir: 'out',
      maxBudgetUsd: 2.5,
      dangerouslySkipPermissions: true,
      notify: { kind: 'command', command: 'say done' },
    });
  });

  test('that tells a webhook', () => {
    const text = 'tasks: [{ id: a, prompt: x }]\nnotify: { webhook: "https://example.com/hook" }';
    expect(file(text).notify).toEqual({ kind: 'webhook', url: 'https://example.com/hook' });
  });

  test('keeps the order of its tasks', () => {
    const text = 'tasks: [{ id: b, prompt: x, dependsOn: a }, { id: a, prompt: x }, { id: c, prompt: x }]';
    expect(file(text).tasks.map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  });
});

describe('a task', () => {
  test.each<[string, Partial<Task>]>([
    ['prompt: x', {}],
    ['promptFile: p.md', { prompt: 'from a file\n' }],
    ['prompt: x, priority: 0', { priority: 0 }],
    ['prompt: x, maxRetries: 0', { maxRetries: 0 }],
    ['prompt: x, timeout: 1500', { timeoutMs: 1500 }],
    ['prompt: x, timeout: 500ms', { timeoutMs: 500 }],
    ['prompt: x, timeout: 90s', { timeoutMs: 90_000 }],
    ['prompt: x, timeout: 10m', { timeoutMs: 600_000 }],
    ['prompt: x, timeout: 2h', { timeoutMs: 7_200_000 }],
    ['prompt: x, timeout: 1.5h', { timeoutMs: 5_400_000 }],
    ['prompt: x, model: opus', { model: 'opus' }],
    ['prompt: x, cwd: api', { cwd: 'api' }],
    ['prompt: x, worktree: true', { worktree: true }],
    ['prompt: x, env: { A: x, B: 1, C: true, D: "" }', { env: { A: 'x', B: '1', C: 'true', D: '' } }],
    ['prompt: x, maxTurns: 3', { maxTurns: 3 }],
    ['prompt: x, maxBudgetUsd: 0.5', { maxBudgetUsd: 0.5 }],
    ['prompt: x, allowedTools: "Bash(git *)"', { allowedTools: ['Bash(git *)'] }],
    ['prompt: x, allowedTools: [Read, Edit]', { allowedTools: ['Read', 'Edit'] }],
    ['prompt: x, permissionMode: acceptEdits', { permissionMode: 'acceptEdits' }],
    ['prompt: x, resumeFrom: 0d3b1a55-2f5b-4a53-9c43-1f0a8c1f2a11', { resumeFrom: '0d3b1a55-2f5b-4a53-9c43-1f0a8c1f2a11' }],
  ])('%s', (line, expected) => {
    expect(taskWith(line)).toEqual(makeTask({ id: 'a', prompt: 'x', ...expected }));
  });

  test('may depend on one task, or on several; said twice is said once', () => {
    const text = 'tasks: [{ id: a, prompt: x }, { id: b, prompt: x, dependsOn: a }, { id: c, prompt: x, dependsOn: [b, a, b] }]';
    expect(file(text).tasks.map(({ dependsOn }) => dependsOn)).toEqual([[], ['a'], ['b', 'a']]);
  });

  test('may want the results of those that it depends on, directly or not', () => {
    const text =
      'tasks:\n  - { id: a, prompt: x }\n  - { id: b, prompt: x, dependsOn: a }\n  - { id: c, promptFile: a.md, dependsOn: b }\n';
    expect(file(text).tasks[2]?.prompt).toBe('{{tasks.a.result}}');
  });

  test.each(['a', 'A1', 'fix-login', 'step_2', 'v1.2', '1', 'a'.repeat(100)])('may be called %s', (id) => {
    expect(file(`tasks: [{ id: "${id}", prompt: x }]`).tasks[0]?.id).toBe(id);
  });

  test.each(['', ' ', '.', '..', '../a', 'a/b', 'a\\\\b', '.hidden', '-v', 'a.', 'ä', 'a b', 'a\\n', 'a'.repeat(101), 'CON:'])(
    'may not be called "%s": it names files',
    (id) => {
      expect(problems(`tasks: [{ id: "${id}", prompt: x }]`)[0]?.place).toEqual({ file: 'tasks.yml', line: 1, column: 15 });
    },
  );
});
