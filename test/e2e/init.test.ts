import { join } from 'node:path';
import { symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DEVCTL, Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';
import { commandsOf, forget, json, PROJECTS, run, settings, tree } from './init-projects.ts';

const SERVER = `require('http').createServer((q, s) => s.end('hi')).listen(process.argv[2] || process.env.PORT, '127.0.0.1')`;
const SIMPLE = { 'package.json': '{\n  "name": "x",\n  "scripts": { "start": "node server.js" }\n}\n', 'server.js': SERVER };
const OURS = ['pre-tool-use', 'session-start', 'session-end'];

describe('what init puts in, it takes out again to the byte, and only once', () => {
  const cases = Object.keys(PROJECTS).flatMap((name) => [
    [name, 'with what it remembers'] as const,
    [name, 'without its memory'] as const,
  ]);
  test.each(cases)('%s, %s', async (name, memory) => {
    await using rig = Rig.create(PROJECTS[name]);
    await rig.exec('git', ['init', '-q']);
    const before = tree(rig.project);
    const told = await run(rig, 'init --dry-run');
    expect(tree(rig.project)).toEqual(before);

    await run(rig, 'init --yes');
    const after = tree(rig.project);
    for (const file of Object.keys(after).filter((one) => after[one] !== 'folder' && after[one] !== before[one]))
      expect(told.stdout, file).toContain(`b/${file}`);
    expect(Object.keys(before).filter((file) => !(file in after))).toEqual([]);
    expect(json(rig, '.mcp.json')['mcpServers']).toHaveProperty('devctl');
    for (const [index, event] of ['PreToolUse', 'SessionStart', 'SessionEnd'].entries())
      expect(commandsOf(rig, event).filter((one) => one.includes(`hook ${OURS[index] ?? ''}`)).length, event).toBe(1);
    await run(rig, 'check');
    expect((await rig.exec('git', ['check-ignore', 'log/web.log'])).code).toBe(0);

    const again = await run(rig, 'init --yes');
    expect(tree(rig.project), again.stdout).toEqual(after);
    // That a list was empty, and not of init's making, only the memory knows.
    const isKnowable = memory === 'with what it remembers' || name !== 'settings written by hand';
    if (memory !== 'with what it remembers' && isKnowable) forget(rig);
    const removal = await run(rig, 'init --remove --yes');
    expect(removal.stdout).toContain('What init had put in is out again.');
    expect(tree(rig.project)).toEqual(before);
    await run(rig, 'init --remove --yes');
    expect(tree(rig.project)).toEqual(before);
  });
});

describe('the yes', () => {
  test('without a terminal and without --yes: exit 5, and nothing is written', async () => {
    await using rig = Rig.create(SIMPLE);
    const before = tree(rig.project);
    for (const words of ['init', 'init --json']) {
      const ran = await run(rig, words, 5);
      expect(ran.stdout + ran.stderr).toContain('--yes');
      expect(tree(rig.project)).toEqual(before);
    }
    await run(rig, 'init --yes');
    const after = tree(rig.project);
    await run(rig, 'init --remove', 5);
    const plan = await run(rig, 'init --remove --dry-run');
    expect(plan.stdout).toContain('a/.mcp.json');
    expect(tree(rig.project)).toEqual(after);
  });

  test('on a terminal it shows the diff and asks: no, Ctrl-C and nothing at all write nothing; yes does', async () => {
    await using rig = Rig.create(SIMPLE);
    const before = tree(rig.project);
    const terminal = await rig.terminal();
    const answers: [() => void, RegExp, boolean][] = [
      [
        () => {
          terminal.type('no');
        },
        /ended1: 5/,
        false,
      ],
      [
        () => {
          terminal.press('C-c');
        },
        /ended2: (?:5|130)/,
        false,
      ],
      [
        () => {
          terminal.press('C-d');
        },
        /ended3: 5/,
        false,
      ],
      [
        () => {
          terminal.type('');
        },
        /ended4: 5/,
        false,
      ],
      [
        () => {
          terminal.type('yes');
        },
        /ended5: 0/,
        true,
      ],
    ];
    for (const [index, [answer, end, isWritten]] of answers.entries()) {
      terminal.type(`clear; echo begin${String(index + 1)}; $DEVCTL init; echo "ended${String(index + 1)}: $?"`);
      // The diff is longer than the screen.
      const asked = new RegExp(`^begin${String(index + 1)}$[^]*Write this to \\d+ file`, 'm');
      await waitFor('the question', () => asked.test(terminal.scrollback()), 15_000);
      expect(tree(rig.project)).toEqual(before);
      expect(terminal.scrollback()).toContain('+web: npm run start');
      answer();
      await terminal.waitFor(end);
      expect(rig.has('Procfile.dev')).toBe(isWritten);
      if (!isWritten) expect(tree(rig.project)).toEqual(before);
    }
    terminal.type('clear; $DEVCTL init --remove; echo "ended6: $?"');
    await terminal.waitFor(/Take this out of \d+ file/);
    terminal.type('yes');
    await terminal.waitFor(/ended6: 0/);
    expect(tree(rig.project)).toEqual(before);
  });
});

describe('what is proposed', () => {
  test('a package.json: after init its server is started, answers, and is stopped', async () => {
    await using rig = Rig.create(SIMPLE);
    await run(rig, 'init --yes');
    expect(rig.read('Procfile.dev')).toMatch(/^web: npm run start$/m);
    expect(json(rig, 'package.json')['scripts']).toMatchObject({ start: 'node server.js', dev: 'devctl start' });
    const { services } = await rig.json<{ services: { url: string }[] }>('start', {
      env: { PORT: String(await Rig.freePort()) },
    });
    expect(await (await fetch(services[0]?.url ?? '')).text()).toBe('hi');
    await run(rig, 'stop');
    await run(rig, 'status', 3);
  });

  test('a port that stands in the command is known to devctl after init', async () => {
    const port = String(await Rig.freePort());
    await using rig = Rig.create({ 'server.js': SERVER, Procfile: `web: exec node server.js ${port} --port ${port}\n` });
    await run(rig, 'init --yes');
    expect(rig.read('devctl.yml')).toContain(port);
    await run(rig, 'check');
    const { services } = await rig.json<{ services: { url: string }[] }>('start');
    expect(services).toMatchObject([{ url: `http://localhost:${port}` }]);
  });

  test('Rails: web, css and worker, with what their processes are called', async () => {
    await using rig = Rig.create(PROJECTS['Rails']);
    await run(rig, 'init --yes');
    expect(rig.read('Procfile.dev')).toMatch(
      /^web: bin\/rails server -p \$PORT\ncss: bin\/rails tailwindcss:watch\nworker: .*sidekiq$/m,
    );
    expect(rig.read('devctl.yml')).toContain('sidekiq');
    await run(rig, 'check');
  });

  test('images of docker-compose.yml are run, what the project builds is not', async () => {
    await using rig = Rig.create(PROJECTS['images in docker-compose.yml']);
    await run(rig, 'init --yes');
    expect(rig.read('Procfile.dev')).toMatch(/docker compose up.* db redis$/m);
  });

  test('a bin/dev that is the server is run', async () => {
    await using rig = Rig.create({ 'bin/dev': '#!/bin/sh\nexec node server.js\n', 'server.js': SERVER });
    await run(rig, 'init --yes');
    expect(rig.read('Procfile.dev')).toMatch(/^web: (?:exec )?(?:\.\/)?bin\/dev$/m);
  });

  test.each([
    ['nothing', {}],
    ['a dev that runs devctl', { 'package.json': '{"scripts":{"dev":"devctl start","test":"true"}}\n' }],
    [
      'a dev that runs devctl through another script',
      { 'package.json': '{"scripts":{"dev":"devctl start","start":"npm run dev"}}\n' },
    ],
    ['a bin/dev that runs devctl', { 'bin/dev': '#!/bin/sh\nexec devctl start\n' }],
  ])('%s to run: it says so and writes nothing', async (_, files) => {
    await using rig = Rig.create(files);
    const before = tree(rig.project);
    const ran = await rig.devctl('init --yes');
    expect(ran.code, ran.stdout + ran.stderr).not.toBe(0);
    expect(ran.stderr).toContain('Procfile.dev');
    expect(tree(rig.project)).toEqual(before);
  });

  test('a docker-compose.yml that nobody can read is no defect of devctl', async () => {
    await using rig = Rig.create({ ...SIMPLE, 'docker-compose.yml': 'services:\n  db: {image: [\n' });
    const ran = await rig.devctl('init --yes');
    expect([0, 78], ran.stdout + ran.stderr).toContain(ran.code);
    if (ran.code === 78) expect(ran.stderr).toContain('docker-compose.yml');
  });
});

describe('something else is in the way: nothing is written', () => {
  test.each([
    ['a file .claude', { '.claude': '' }],
    ['a folder CLAUDE.md', { 'CLAUDE.md/x': '' }],
    ['a folder .mcp.json', { '.mcp.json/x': '' }],
    ['a folder package.json', { 'package.json/x': '' }],
    ['a folder settings.json', { '.claude/settings.json/x': '' }],
  ])('%s', async (_, files) => {
    await using rig = Rig.create({ Procfile: 'web: node server.js\n', ...files });
    const before = tree(rig.project);
    const ran = await rig.devctl('init --yes');
    expect([2, 4, 78], ran.stdout + ran.stderr).toContain(ran.code);
    expect(tree(rig.project)).toEqual(before);
  });
});

describe('where it is typed', () => {
  test('in a subfolder it sets up the project, whether it has a Procfile or not', async () => {
    for (const files of [{ ...SIMPLE, Procfile: 'web: node server.js\n' }, SIMPLE]) {
      await using rig = Rig.create({ ...files, 'src/a.js': '' });
      await rig.exec('git', ['init', '-q']);
      const ran = await rig.devctl('init --yes', { cwd: join(rig.project, 'src') });
      expect(ran.code, ran.stdout + ran.stderr).toBe(0);
      expect(rig.has('Procfile.dev')).toBe(true);
      expect(Object.keys(tree(join(rig.project, 'src')))).toEqual(['a.js']);
      expect((await rig.devctl('init --remove --yes', { cwd: join(rig.project, 'src') })).code).toBe(0);
      expect(rig.has('.mcp.json')).toBe(false);
    }
  });

  test('a project in a folder of a repository: its logs do not show up in git', async () => {
    await using rig = Rig.create({ 'app/Procfile.dev': 'web: exec sleep 600\n' });
    await rig.exec('git', ['init', '-q']);
    await run(rig, 'init --yes --root app');
    await run(rig, 'start --root app');
    expect((await rig.exec('git', ['status', '--porcelain', '-uall'])).stdout).not.toContain('log/');
    await run(rig, 'stop --root app');
  });

  test.each(['local', 'global'])('the hooks and the server that it writes can be run (%s devctl)', async (install) => {
    await using rig = Rig.create({ ...SIMPLE, 'b/devctl': `#!/bin/sh\nexec node ${DEVCTL} "$@"\n`, 'node_modules/.bin/x': '' });
    if (install === 'local') symlinkSync(DEVCTL, join(rig.project, 'node_modules/.bin/devctl'));
    await run(rig, 'init --yes');
    const [command = ''] = commandsOf(rig, 'PreToolUse');
    const event = JSON.stringify({ cwd: rig.project, tool_name: 'Bash', tool_input: { command: 'npx vite' } });
    // As Claude Code runs it: by a shell, in whatever folder the agent is.
    const path = `${install === 'global' ? `${join(rig.project, 'b')}:` : ''}${process.env['PATH'] ?? ''}`;
    const env = { CLAUDE_PROJECT_DIR: rig.project, PATH: path, EVENT: event };
    const ran = await rig.sh(`cd / && printf %s "$EVENT" | sh -c ${JSON.stringify(command).replaceAll('$', '\\$')}`, { env });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toMatchObject({ hookSpecificOutput: { permissionDecision: 'deny' } });
    const server = json(rig, '.mcp.json')['mcpServers']?.['devctl'] as { command: string; args: string[] };
    expect(await rig.sh(`${server.command} ${server.args.join(' ')} </dev/null`, { env })).toMatchObject({ code: 0, stdout: '' });
    expect(settings(rig).permissions['deny']?.join()).toContain('pkill');
  });
});
