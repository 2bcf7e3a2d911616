import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bash, hook, HAS_OWN_PIDS, reasonOf, type HookOptions } from '../support/hook.ts';
import { Rig } from '../support/rig.ts';
import { FILES, ROWS } from '../unit/claude/guard-table.ts';

const PROJECT = {
  'Procfile.dev': 'web: exec node server.js\n',
  'package.json': '{"scripts":{"dev":"vite","build":"vite build"}}',
};
const EVENTS = ['pre-tool-use', 'session-end', ...(HAS_OWN_PIDS ? ['session-start'] : [])];

describe('the guard', () => {
  test('rows of its table, through the process', async () => {
    await using rig = Rig.create(FILES);
    const rows = ROWS.filter((_, index) => index % 9 === 4);
    expect(rows.length).toBeGreaterThan(55);
    const wrong: string[] = [];
    for (const { command, verdict } of rows) {
      const reason = await reasonOf(rig, command);
      if ((reason === undefined ? 'allow' : 'deny') !== verdict) wrong.push(`${command}: ${reason ?? 'allowed'}`);
    }
    expect(wrong).toEqual([]);
  });

  test.each([
    ['npx vite', 'devctl start'],
    ['npm run dev', 'devctl start'],
    ['node server.js', 'devctl start web'],
    ['nohup node server.js > log.txt 2>&1 &', 'devctl start web'],
    ['pkill -f vite', 'devctl stop'],
    ['kill $(lsof -ti:3000)', 'devctl stop'],
    ['fuser -k 3000/tcp', 'devctl stop'],
    ['tmux kill-server', 'devctl stop'],
  ])('%s is denied, and told to run %s', async (command, right) => {
    await using rig = Rig.create(PROJECT);
    const reason = await reasonOf(rig, command);
    expect(reason).toContain(right);
    expect(reason?.length).toBeLessThan(800);
    expect(await reasonOf(rig, right), right).toBeUndefined();
  });

  test('it guards the whole project, and nothing else', async () => {
    await using rig = Rig.create({ ...PROJECT, 'src/deep/a.js': '' });
    const other = rig.addProject('q', { Procfile: 'web: node server.js\n' });
    const named = rig.addProject('n', { 'devctl.yml': 'procfile: Procfile.local\n', 'Procfile.local': 'api: ./serve-it now\n' });
    expect(await reasonOf(rig, 'npx vite', { eventCwd: join(rig.project, 'src', 'deep') })).toContain('devctl start');
    expect(await reasonOf(rig, 'npx vite', { eventCwd: other })).toBeUndefined();
    expect(await reasonOf(rig, 'npx vite', { eventCwd: '/' })).toBeUndefined();
    expect(await reasonOf(rig, './serve-it now', { eventCwd: named })).toContain('devctl start api');
    // The event says where, not the process.
    expect(await reasonOf(rig, 'npx vite', { cwd: '/' })).toContain('devctl start');
    expect(await reasonOf(rig, 'npx vite', { cwd: '/', eventCwd: `${rig.project}/` })).toContain('devctl start');
    symlinkSync(rig.project, join(rig.root, 'link'));
    expect(await reasonOf(rig, 'npx vite', { eventCwd: join(rig.root, 'link') })).toContain('devctl start');
  });

  test('a megabyte of a command is judged or let through, in time', async () => {
    await using rig = Rig.create(PROJECT);
    const mega = 'x'.repeat(1_000_000);
    const texts: Record<string, string> = {
      'one word': `echo ${mega}`,
      'one word, then a server': `echo ${mega}; npx vite`,
      'a here-document': `cat > a.txt <<'EOF'\n${'npx vite\n'.repeat(110_000)}EOF\n`,
      'many commands': 'echo vite;'.repeat(100_000),
      'open parentheses': '('.repeat(200_000) + ' vite',
      substitutions: `${'$('.repeat(50_000)} vite ${')'.repeat(50_000)}`,
      shells: `${'bash -c "'.repeat(5000)} vite`,
      quotes: `vite ${'"\''.repeat(400_000)}`,
      pipes: `vite build ${'| cat '.repeat(150_000)}`,
      braces: `vite build ${'{a,b}'.repeat(150_000)}`,
    };
    for (const [what, text] of Object.entries(texts)) {
      const ran = await hook(rig, 'pre-tool-use', bash(rig, text));
      expect(ran, what).toMatchObject({ code: 0, stderr: '' });
      expect(ran.ms, what).toBeLessThan(4500);
    }
    expect(await reasonOf(rig, texts['one word, then a server'])).toContain('devctl start');
    expect(await reasonOf(rig, texts['a here-document'])).toBeUndefined();
  });

  test('a script of a hundred kilobytes that goes from folder to folder is judged in time', async () => {
    await using rig = Rig.create(PROJECT);
    const ran = await hook(rig, 'pre-tool-use', bash(rig, 'cd a; npm run build; '.repeat(5000)));
    expect(ran).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(ran.ms).toBeLessThan(4500);
  });

  test('a denial is short, however long the command', async () => {
    await using rig = Rig.create(PROJECT);
    for (const command of [
      `vite ${'x'.repeat(500_000)}`,
      `vite ${'"\''.repeat(100_000)}`,
      `npm run dev -- ${'y'.repeat(500_000)}`,
    ])
      expect((await reasonOf(rig, command))?.length, command.slice(0, 20)).toBeLessThan(2000);
  });
});

describe.each(EVENTS)('%s fails open', (event) => {
  const expectOpen = async (rig: Rig, what: string, input: string | Buffer, options?: HookOptions) => {
    const ran = await hook(rig, event, input, options);
    expect({ code: ran.code, stderr: ran.stderr }, what).toEqual({ code: 0, stderr: '' });
    if (event !== 'session-start') expect(ran.stdout, what).toBe('');
    expect(ran.ms, what).toBeLessThan(5000);
  };

  test('with an event that cannot be read', async () => {
    await using rig = Rig.create(PROJECT);
    const full = bash(rig, 'npx vite');
    const inputs: [string, string | Buffer][] = [
      ['nothing', ''],
      ['half an event', full.slice(0, 60)],
      ['words', 'npx vite'],
      ['bytes', Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a])],
      ['null', 'null'],
      ['a number', '5'],
      ['a list', `[${full}]`],
      ['no input', JSON.stringify({ cwd: rig.project })],
      ['input null', JSON.stringify({ cwd: rig.project, tool_input: null })],
      ['a command that is a number', bash(rig, 5)],
      ['a command that is an object', bash(rig, { a: 'npx vite' })],
      ['a folder that is not there', bash(rig, 'npx vite', '/no/such/folder')],
      ['a folder that is a number', bash(rig, 'ls', 7)],
      ['a folder that is nothing', bash(rig, 'ls', '')],
      ['a folder with a null byte', bash(rig, 'npx vite', '/tmp/\0')],
      ['a folder longer than any', bash(rig, 'npx vite', `/${'a/'.repeat(3000)}`)],
    ];
    for (const [what, input] of inputs) await expectOpen(rig, what, input);
  });

  test.each([
    ['nothing', ''],
    ['half an event', '{"cwd"'],
    ['an event', undefined],
  ])('with an input that never ends behind %s', async (_, text) => {
    await using rig = Rig.create(PROJECT);
    const ran = await hook(rig, event, text ?? bash(rig, 'npx vite'), { isEndless: true });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.ms).toBeLessThan(5000);
  });

  test('with a machine that is broken', async () => {
    await using rig = Rig.create(PROJECT);
    const input = bash(rig, 'ls');
    for (const env of [
      { HOME: undefined },
      { HOME: '/no/such/home', XDG_STATE_HOME: undefined, XDG_RUNTIME_DIR: undefined },
      { XDG_STATE_HOME: '/dev/null/x' },
      { XDG_RUNTIME_DIR: '/dev/null/x', TMPDIR: '/no/such' },
      { PATH: undefined },
      { PATH: '', TERM: undefined, LANG: undefined },
      { CLAUDE_CONFIG_DIR: '/dev/null' },
      { CLAUDE_PID: 'x' },
      { CLAUDE_PID: '' },
      { CLAUDE_PID: '1' },
      { CLAUDE_PID: '99999999999' },
    ])
      // unshare itself is found by PATH.
      if (!('PATH' in env && event === 'session-start')) await expectOpen(rig, JSON.stringify(env), input, { env });
  });

  test('with a project that cannot be read, and without one', async () => {
    await using rig = Rig.create();
    const broken: Record<string, Record<string, string>> = {
      binary: { 'Procfile.dev': '\0\x01\x02', 'package.json': '\0' },
      errors: { 'Procfile.dev': 'no colon\nweb web web\n', 'devctl.yml': ': [ : {', 'package.json': '{"scripts": [' },
      odd: { 'Procfile.dev': '', 'devctl.yml': 'procfile: ../../../../etc/passwd\n', 'package.json': 'null' },
      large: { 'Procfile.dev': `web: ${'x'.repeat(3_000_000)}\n`, 'package.json': '{"scripts":{"dev":"npm run dev"}}' },
    };
    for (const [name, files] of Object.entries(broken)) {
      const folder = rig.addProject(name, files);
      for (const command of ['ls', 'npm run build', 'npm test && echo server'])
        await expectOpen(rig, `${name}: ${command}`, bash(rig, command, folder));
    }
    const folders = rig.addProject('folders', { a: '' });
    for (const name of ['Procfile.dev', 'devctl.yml', 'package.json']) mkdirSync(join(folders, name));
    await expectOpen(rig, 'folders', bash(rig, 'npm run build', folders));
    const loops = rig.addProject('loops', { a: '' });
    for (const name of ['Procfile.dev', 'package.json']) symlinkSync(name, join(loops, name));
    await expectOpen(rig, 'loops', bash(rig, 'npm run build', loops));
    await expectOpen(rig, 'no project', bash(rig, 'npx vite', '/'));
  });

  test('with its input, its output or its folder gone', async () => {
    await using rig = Rig.create({ ...PROJECT, 'event.json': '', 'gone/x': '' });
    rig.write({ 'event.json': bash(rig, 'npx vite') });
    const apart = event === 'session-start' ? 'unshare --pid --fork --kill-child --mount-proc ' : '';
    const line = `${apart}$DEVCTL hook ${event}`;
    for (const [what, shell] of [
      ['input', `${line} <&-`],
      ['output', `${line} <event.json >&-`],
      ['both outputs', `${line} <event.json >&- 2>&-`],
      ['a full disk', `${line} <event.json >/dev/full`],
      ['a reader', `${line} <event.json | true; exit \${PIPESTATUS[0]}`],
      ['folder', `E=$PWD/event.json; mkdir -p gone; cd gone; rm -r ../gone; ${line} <$E`],
      ['a folder as input', `${line} </`],
    ] as const) {
      const ran = await rig.sh(shell);
      expect({ code: ran.code, stderr: ran.stderr }, what).toEqual({ code: 0, stderr: '' });
      expect(ran.ms, what).toBeLessThan(5000);
    }
  });
});

test('an event that devctl does not know', async () => {
  await using rig = Rig.create(PROJECT);
  for (const name of [
    'no-such-event',
    'pre-tool-use --json extra',
    'sweep',
    'sweep x y',
    'PreToolUse',
    'sweep 0 /',
    'sweep -1 /',
  ])
    expect(await hook(rig, name, bash(rig, 'ls')), name).toMatchObject({ code: 0, stdout: '', stderr: '' });
  // A person may have typed it.
  for (const name of ['', '--help']) expect(await hook(rig, name, bash(rig, 'ls')), name).toMatchObject({ code: 0, stdout: '' });
});
