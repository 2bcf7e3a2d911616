import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';
import { commandsOf, forget, json, run, settings, tree } from './init-projects.ts';

const PROCFILE = 'web: exec sleep 600\n';
const pretty = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
const MEMORY = [['with what it remembers'], ['without its memory']];

describe.each(MEMORY)('what a person changed between init and --remove stays (%s)', (memory) => {
  /** init, the person's edit, --remove. */
  async function between(rig: Rig, edit: () => void): Promise<void> {
    await run(rig, 'init --yes');
    edit();
    if (memory === 'without its memory') forget(rig);
    await run(rig, 'init --remove --yes');
  }

  test.each([
    ['a newline at the end', 'tmp\n', '\nlog2\n'],
    ['no newline at the end', 'tmp', 'log2\n'],
    ['CRLF', 'tmp\r\n', 'log2\r\n'],
    ['nothing before', '', 'log2\n'],
  ])('lines behind those in .gitignore, which had %s', async (_, text, more) => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE, '.gitignore': text });
    await rig.exec('git', ['init', '-q']);
    await between(rig, () => {
      rig.write({ '.gitignore': rig.read('.gitignore') + more });
    });
    const lines = rig.read('.gitignore').split(/\r?\n/).filter(Boolean);
    expect(lines).toEqual([...(text === '' ? [] : ['tmp']), 'log2']);
  });

  test('text before, behind and instead of the section in CLAUDE.md', async () => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE, 'CLAUDE.md': '# Mine' });
    await between(rig, () => {
      rig.write({ 'CLAUDE.md': `Before.\n${rig.read('CLAUDE.md').replace('## Development', '## My development')}Behind.\n` });
    });
    expect(rig.read('CLAUDE.md').split('\n').filter(Boolean)).toEqual(['Before.', '# Mine', 'Behind.']);
  });

  test('scripts, hooks, rules and servers of their own, also in the lists that init made', async () => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE, 'package.json': pretty({ name: 'x' }) });
    const mine = { matcher: 'Bash', hooks: [{ type: 'command', command: 'mine.sh' }] };
    await between(rig, () => {
      const all = settings(rig);
      all.hooks['PreToolUse']?.unshift(mine);
      all.hooks['SessionStart']?.[0]?.hooks.push({ type: 'command', command: 'mine.sh' });
      all.hooks['Stop'] = [mine];
      all.permissions['allow']?.push('Bash(mine:*)');
      const mcp = json(rig, '.mcp.json');
      const scripts = { ...json(rig, 'package.json')['scripts'], 'dev:logs': 'tail -f x', build: 'make' };
      rig.write({
        '.claude/settings.json': `${JSON.stringify(all, undefined, 4)}\n`,
        '.mcp.json': JSON.stringify({ mcpServers: { mine: { command: 'mine' }, ...mcp['mcpServers'] } }),
        'package.json': pretty({ ...json(rig, 'package.json'), scripts }),
      });
    });
    expect(settings(rig)).toEqual({
      hooks: { PreToolUse: [mine], SessionStart: [{ hooks: [{ type: 'command', command: 'mine.sh' }] }], Stop: [mine] },
      permissions: { allow: ['Bash(mine:*)'] },
    });
    expect(json(rig, '.mcp.json')).toEqual({ mcpServers: { mine: { command: 'mine' } } });
    expect(json(rig, 'package.json')).toEqual({ name: 'x', scripts: { 'dev:logs': 'tail -f x', build: 'make' } });
  });

  test('a Procfile.dev and a devctl.yml that init wrote, once they were changed', async () => {
    await using rig = Rig.create({ Procfile: 'web: node server.js --port 4107\n' });
    await between(rig, () => {
      for (const name of ['Procfile.dev', 'devctl.yml']) rig.write({ [name]: `${rig.read(name)}# mine\n` });
    });
    expect(rig.read('Procfile.dev')).toMatch(/^web: .*\n# mine\n/m);
    expect(rig.read('devctl.yml')).toContain('# mine');
    expect(rig.has('.mcp.json')).toBe(false);
  });

  test('what was there in the very words of init', async () => {
    const files = {
      'Procfile.dev': PROCFILE,
      'package.json': pretty({ name: 'x', scripts: { dev: 'devctl start', 'dev:stop': 'devctl stop' } }),
      '.claude/settings.json': pretty({ permissions: { deny: ['Bash(pkill:*)'], allow: [] }, hooks: {} }),
    };
    await using rig = Rig.create(files);
    await between(rig, () => {
      rig.write({ 'package.json': rig.read('package.json').replace('"name": "x"', '"name": "y"') });
      rig.write({ '.claude/settings.json': rig.read('.claude/settings.json').replace('{', '{\n  "model": "opus",') });
    });
    if (memory === 'without its memory') return;
    expect(json(rig, 'package.json')).toEqual({ name: 'y', scripts: { dev: 'devctl start', 'dev:stop': 'devctl stop' } });
    expect(settings(rig).permissions['deny']).toEqual(['Bash(pkill:*)']);
  });
});

test('--remove where init never was changes nothing', async () => {
  await using rig = Rig.create({
    'Procfile.dev': PROCFILE,
    'package.json': pretty({ name: 'x', scripts: { dev: 'devctl start' } }),
    '.claude/settings.json': pretty({ permissions: { allow: ['Bash(devctl:*)'], deny: [] }, hooks: {} }),
    '.mcp.json': pretty({ mcpServers: {} }),
  });
  const before = tree(rig.project);
  await run(rig, 'init --remove --yes');
  expect(tree(rig.project)).toEqual(before);
});

test('a section whose end somebody has deleted: the text behind it is not lost', async () => {
  await using rig = Rig.create({ 'Procfile.dev': PROCFILE, 'CLAUDE.md': '# Mine\n' });
  await run(rig, 'init --yes');
  rig.write({ 'CLAUDE.md': `${rig.read('CLAUDE.md').replace('<!-- devctl: end -->\n', '')}\nPrecious.\n` });
  for (const words of ['init --yes', 'init --yes', 'init --remove --yes']) {
    await rig.devctl(words);
    expect(rig.read('CLAUDE.md'), words).toContain('Precious.');
  }
});

test('init again after the Procfile was changed leaves it as it is', async () => {
  await using rig = Rig.create({ 'package.json': pretty({ scripts: { start: 'node server.js' } }) });
  const before = tree(rig.project);
  await run(rig, 'init --yes');
  rig.write({ 'Procfile.dev': 'web: exec sleep 600\nother: node other.js --port 4108\n' });
  await run(rig, 'init --yes');
  expect(rig.read('Procfile.dev')).toBe('web: exec sleep 600\nother: node other.js --port 4108\n');
  await run(rig, 'check');
  const after = tree(rig.project);
  await run(rig, 'init --yes');
  expect(tree(rig.project)).toEqual(after);
  await run(rig, 'init --remove --yes');
  expect(tree(rig.project)).toEqual({ ...before, 'Procfile.dev': after['Procfile.dev'] });
});

describe('hooks of devctl in another spelling are brought up to date, not doubled', () => {
  test.each([
    'npx devctl hook pre-tool-use',
    'node ../devctl/bin/devctl.js hook pre-tool-use',
    '"/opt/x y/devctl" hook pre-tool-use || true',
  ])('%s', async (command) => {
    const hooks = {
      PreToolUse: [
        {
          matcher: 'Bash',
          hooks: [
            { type: 'command', command: 'mine.sh' },
            { type: 'command', command },
          ],
        },
      ],
    };
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE, '.claude/settings.json': pretty({ hooks }) });
    const before = tree(rig.project);
    await run(rig, 'init --yes');
    expect(commandsOf(rig, 'PreToolUse')).toHaveLength(2);
    expect(commandsOf(rig, 'PreToolUse')[0]).toBe('mine.sh');
    expect(commandsOf(rig, 'SessionEnd')).toHaveLength(1);
    await run(rig, 'init --remove --yes');
    expect(tree(rig.project)).toEqual(before);
  });
});

describe('a file that is not what it should be', () => {
  const REFUSED: [string, string, string | Buffer][] = [
    ['a comment', '.claude/settings.json', '{\n  // mine\n  "model": "opus"\n}\n'],
    ['a trailing comma', '.claude/settings.json', '{\n  "model": "opus",\n}\n'],
    ['a list', '.claude/settings.json', '[]\n'],
    ['half a file', '.claude/settings.json', '{"hooks": {'],
    ['a comment', '.mcp.json', '{ /* mine */ "mcpServers": {} }\n'],
    ['a trailing comma', 'package.json', '{ "name": "x", "scripts": { "start": "node server.js", } }\n'],
  ];
  test.each(REFUSED)('%s in %s: exit 78, its line, and nothing at all is written', async (_, name, text) => {
    for (const rest of [{ 'Procfile.dev': PROCFILE }, { 'package.json': pretty({ scripts: { start: 'node a.js' } }) }]) {
      await using rig = Rig.create({ ...rest, [name]: String(text) });
      const before = tree(rig.project);
      for (const words of ['init --yes', 'init --dry-run', 'init --json']) {
        const ran = await run(rig, words, 78);
        expect(ran.stdout + ran.stderr).toContain(name);
        expect(tree(rig.project)).toEqual(before);
      }
    }
  });

  test.each([
    ['.claude/settings.json', { hooks: [] }],
    ['.claude/settings.json', { hooks: { PreToolUse: {} } }],
    ['.claude/settings.json', { hooks: 'x' }],
    ['.claude/settings.json', { hooks: null }],
    ['.claude/settings.json', { permissions: { allow: 'Bash(ls)' } }],
    ['.claude/settings.json', { permissions: [] }],
    ['.mcp.json', { mcpServers: [] }],
    ['.mcp.json', { mcpServers: null }],
    ['package.json', { scripts: null }],
    ['package.json', { scripts: ['a'] }],
  ])('%s with the wrong thing in a place that init writes to: refused, or still JSON: %j', async (name, value) => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE, [name]: pretty(value) });
    const before = tree(rig.project);
    const ran = await rig.devctl('init --yes');
    expect([0, 78], ran.stdout + ran.stderr).toContain(ran.code);
    if (ran.code === 78) expect(tree(rig.project)).toEqual(before);
    else expect(() => json(rig, name), rig.read(name)).not.toThrow();
    if (ran.code === 0 && name === '.mcp.json') expect(json(rig, name)['mcpServers']).toHaveProperty('devctl.command');
    if (ran.code === 0 && name === '.claude/settings.json') expect(commandsOf(rig, 'PreToolUse')).toHaveLength(1);
    if (ran.code === 0) {
      await run(rig, 'init --remove --yes');
      expect(tree(rig.project)).toEqual(before);
    }
  });
});

describe('links, modes and folders', () => {
  test('a file that is a link stays one, and its target is written; modes stay', async () => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE, 'AGENTS.md': '# Mine\n', 'package.json': pretty({ name: 'x' }) });
    rig.write({ 'settings.json': '{}\n' }, join(rig.root, 'h'));
    mkdirSync(join(rig.project, '.claude'));
    symlinkSync('AGENTS.md', join(rig.project, 'CLAUDE.md'));
    symlinkSync(join(rig.root, 'h', 'settings.json'), join(rig.project, '.claude', 'settings.json'));
    chmodSync(join(rig.project, 'package.json'), 0o640);
    chmodSync(join(rig.root, 'h', 'settings.json'), 0o600);
    const before = tree(rig.project);
    await run(rig, 'init --yes');
    for (const name of ['CLAUDE.md', '.claude/settings.json'])
      expect(lstatSync(join(rig.project, name)).isSymbolicLink(), name).toBe(true);
    expect(rig.read('AGENTS.md').match(/devctl: begin/g)).toHaveLength(1);
    expect(commandsOf(rig, 'PreToolUse')).toHaveLength(1);
    expect(statSync(join(rig.root, 'h', 'settings.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(rig.project, 'package.json')).mode & 0o777).toBe(0o640);
    expect(statSync(join(rig.project, '.mcp.json')).mode & 0o777).toBe(0o644);
    const after = tree(rig.project);
    await run(rig, 'init --yes');
    expect(tree(rig.project)).toEqual(after);
    await run(rig, 'init --remove --yes');
    expect(tree(rig.project)).toEqual(before);
    expect(readFileSync(join(rig.root, 'h', 'settings.json'), 'utf8')).toBe('{}\n');
  });

  test('links that lead nowhere, or to an empty folder, are links afterwards', async () => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE, '../h/claude/x': '' });
    await rig.exec('rm', [join(rig.root, 'h', 'claude', 'x')]);
    symlinkSync(join(rig.root, 'h', 'claude'), join(rig.project, '.claude'));
    symlinkSync(join(rig.root, 'h', 'notes.md'), join(rig.project, 'CLAUDE.md'));
    const before = [tree(rig.project), tree(join(rig.root, 'h'))];
    const ran = await rig.devctl('init --yes');
    for (const name of ['CLAUDE.md', '.claude'])
      expect(lstatSync(join(rig.project, name)).isSymbolicLink(), `${name}\n${ran.stdout}${ran.stderr}`).toBe(true);
    await run(rig, 'init --remove --yes');
    expect([tree(rig.project), tree(join(rig.root, 'h'))]).toEqual(before);
  });

  test('an empty .claude and an empty settings.json were there before', async () => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE, 'a/.claude/settings.json': '', 'a/Procfile.dev': PROCFILE });
    mkdirSync(join(rig.project, '.claude'));
    const before = tree(rig.project);
    for (const words of ['init --yes', 'init --yes --root a', 'init --remove --yes', 'init --remove --yes --root a'])
      await run(rig, words);
    expect(tree(rig.project)).toEqual(before);
  });
});
