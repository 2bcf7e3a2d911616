import fc from 'fast-check';
import { findNodeAtLocation, parse, parseTree } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { ok } from '../../../src/result.ts';
import { makeEdits } from '../../../src/init/edits.ts';
import type { InitFacts } from '../../../src/init/facts.ts';
import { planInit, planRemove, remember, type Change } from '../../../src/init/plan.ts';

const TOOLS = { findNodeAtLocation, parse, parseTree };
type Files = Record<string, string>;

const factsOf = (files: Files): InitFacts => ({
  isGit: true,
  texts: new Map(Object.entries(files)),
  composeServices: [],
  isOneNoteFile: false,
  install: 'global',
});

function apply(files: Files, changes: Change[]): Files {
  const rest = Object.entries(files).filter(([name]) => !changes.some(({ file }) => file === name));
  return Object.fromEntries([
    ...rest,
    ...changes.flatMap(({ file, after }) => (after === undefined ? [] : [[file, after] as const])),
  ]);
}

function put(files: Files): { files: Files; changes: Change[] } {
  const plan = planInit(makeEdits(factsOf(files), TOOLS), (file) => ok(files[file]));
  if (!plan.ok) throw new Error(JSON.stringify(plan.failure));
  return { files: apply(files, plan.value), changes: plan.value };
}

function take(files: Files, changes: Change[] = []): Files {
  const plan = planRemove(makeEdits(factsOf(files), TOOLS), (file) => ok(files[file]), changes);
  if (!plan.ok) throw new Error(JSON.stringify(plan.failure));
  return apply(files, plan.value);
}

const NODE: Files = { 'package.json': '{\n  "scripts": {\n    "dev": "vite"\n  }\n}\n' };
const line = fc.stringMatching(/^[a-zA-Z0-9 #/*.-]{0,30}$/);
const text = fc.array(line, { minLength: 1, maxLength: 6 }).map((lines) => lines.join('\n'));

describe('init', () => {
  test('is done once: a second time there is nothing to do', () => {
    expect(put(put(NODE).files).changes).toEqual([]);
  });

  test('is taken back to the byte while nobody has touched the files', () => {
    fc.assert(
      fc.property(text, text, (ignored, notes) => {
        const before = { ...NODE, '.gitignore': ignored, 'CLAUDE.md': notes, '.claude/settings.json': '{ }' };
        const { files, changes } = put(before);
        expect(take(files, remember(changes, [], makeEdits(factsOf(before), TOOLS)))).toEqual(before);
      }),
    );
  });

  test('is taken back without a memory as well, and files that hold nothing else go', () => {
    const before = {
      ...NODE,
      '.gitignore': 'node_modules\n',
      'AGENTS.md': '# Notes',
      '.mcp.json': '{"mcpServers":{"other":{"command":"x"}}}',
    };
    expect(take(put(before).files)).toEqual(before);
  });

  test('leaves what a person has changed since, and takes out its own', () => {
    const { files, changes } = put(NODE);
    const changed = {
      ...files,
      'Procfile.dev': `${files['Procfile.dev'] ?? ''}worker: bin/work\n`,
      'CLAUDE.md': `# Mine\n\n${files['CLAUDE.md'] ?? ''}\nand this\n`,
    };
    const after = take(changed, remember(changes, [], makeEdits(factsOf(NODE), TOOLS)));
    expect(after['Procfile.dev']).toBe(changed['Procfile.dev']);
    expect(after['CLAUDE.md']).toContain('# Mine');
    expect(after['CLAUDE.md']).toContain('and this');
    expect(after['CLAUDE.md']).not.toContain('devctl');
    expect(after['.claude/settings.json']).toBeUndefined();
  });

  test('a file with a comment is told, and nothing at all is planned', () => {
    const files = { ...NODE, '.claude/settings.json': '{\n  // mine\n}' };
    const plan = planInit(makeEdits(factsOf(files), TOOLS), (file) => ok(files[file as keyof typeof files]));
    expect(plan.ok ? undefined : plan.failure).toMatchObject([{ place: { file: '.claude/settings.json', line: 2 } }]);
  });

  test.each<[string, Files, string[]]>([
    ['CLAUDE.md where there is neither', {}, ['CLAUDE.md']],
    ['AGENTS.md where only that is', { 'AGENTS.md': 'x' }, ['AGENTS.md']],
    ['both', { 'AGENTS.md': 'x', 'CLAUDE.md': 'y' }, ['CLAUDE.md', 'AGENTS.md']],
    ['only the one that is not a pointer', { 'AGENTS.md': 'x', 'CLAUDE.md': '@AGENTS.md\n' }, ['AGENTS.md']],
  ])('writes its notes to %s', (_name, notes, expected) => {
    const changed = put({ ...NODE, ...notes }).changes.map(({ file }) => file);
    expect(changed.filter((file) => file.endsWith('.md'))).toEqual(expected);
  });

  test('a script of the project’s stays as it is', () => {
    const { files } = put(NODE);
    const { scripts } = JSON.parse(files['package.json'] ?? '{}') as { scripts: Record<string, string> };
    expect(scripts).toMatchObject({ dev: 'vite', 'dev:stop': 'devctl stop' });
  });
});
