import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MODES, Rig } from '../support/rig.ts';
import { expectStarted, feed, feeding, logs, numbered, printing, type LogsData } from './log-rigs.ts';

/** What an answer may be without a terminal, and a little for the lines that say what was left out. */
const MAX_BYTES = 8192 + 300;

describe('without a terminal', () => {
  test.each(MODES)('logs are the last 100 lines, and say that there are more in %s mode', async (mode) => {
    await using rig = await printing(`${numbered(1, 500).join('\n')}\n`, mode);
    const stdout = await logs(rig);
    const [notes, lines] = [/^\.\.\. .*/gm, /^line .*/gm].map((pattern) => stdout.match(pattern) ?? []);
    expect(lines).toEqual(numbered(401, 500));
    expect(notes).not.toEqual([]);
    // A number of lines that are left out is the right one.
    for (const [, count] of stdout.matchAll(/(\d+) earlier line/g)) expect(count).toBe('400');
  });

  test('logs of several services are 100 lines together, and none is starved', async () => {
    await using rig = Rig.create({
      lines: `${numbered(1, 500).join('\n')}\n`,
      'Procfile.dev': 'web: cat lines; exec sleep 600\nquiet: echo hello; exec sleep 600\n',
    });
    await expectStarted(rig, 'start');
    const lines = (await logs(rig))
      .trimEnd()
      .split('\n')
      .filter((line) => !line.includes(' | ... '));
    expect(lines).toHaveLength(100);
    expect(lines).toContain('quiet | hello');
    expect(lines).toContain('web   | line 500');
  });

  test.each([
    { what: 'lines of 300 characters', text: `${numbered(1, 500, ` ${'x'.repeat(300)}`).join('\n')}\n`, newest: 'line 500 xxx' },
    {
      what: 'lines of 4-byte characters',
      text: `${numbered(1, 500, ` ${'🚀'.repeat(100)}`).join('\n')}\n`,
      newest: 'line 500 🚀',
    },
    { what: 'one line of a megabyte', text: `${'y'.repeat(1_000_000)}\n`, newest: 'yyy' },
    { what: 'one line of a megabyte without an end', text: 'y'.repeat(1_000_000), newest: 'yyy' },
  ])('logs are at most 8 KB, with the newest lines: $what', async ({ text, newest }) => {
    await using rig = await printing(text);
    const stdout = await logs(rig);
    expect(Buffer.byteLength(stdout)).toBeLessThanOrEqual(MAX_BYTES);
    expect(stdout).toContain(newest);
    expect(stdout).not.toContain('\uFFFD');
  });

  test('the 8 KB hold for many services and for a large -n as well', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `service${String(index)}`);
    await using rig = Rig.create({
      lines: `${numbered(1, 200, ` ${'x'.repeat(300)}`).join('\n')}\n`,
      'Procfile.dev': names.map((name) => `${name}: cat lines; exec sleep 600\n`).join(''),
    });
    await expectStarted(rig, 'start');
    const stdout = await logs(rig, '-n 2000');
    expect(Buffer.byteLength(stdout)).toBeLessThanOrEqual(8192 + names.length * 300);
    for (const name of names) expect(stdout).toMatch(new RegExp(`^${name} +\\| line 200 `, 'm'));
  });

  test('a long line is cut, and it is said how much is gone', async () => {
    await using rig = await printing(`short\n${'z'.repeat(3000)}\n`);
    const stdout = await logs(rig);
    expect(stdout).toMatch(/^short\nz+ \.\.\. \(\d+ more characters\)\n/);
    expect(stdout).toContain('1 long line');
    const [shown = ''] = /z+/.exec(stdout) ?? [];
    expect(Number(/\((\d+) more/.exec(stdout)?.[1]) + shown.length).toBe(3000);
    const { services } = await rig.json<LogsData>('logs');
    expect(services[0]).toMatchObject({ cutLines: 1 });
  });

  test('repeats are folded, with their number', async () => {
    await using rig = await printing(`start\n${'again\n'.repeat(50)}end\n`);
    expect(await logs(rig)).toBe('start\nagain\n... 49 more like this\nend\n');
    expect((await rig.json<LogsData>('logs')).services[0]).toMatchObject({ foldedLines: 49 });
  });

  test.each(MODES)('escape sequences and carriage returns are stripped in %s mode', async (mode) => {
    await using rig = Rig.create({
      'Procfile.dev':
        String.raw`web: printf '\033[1;31mred\033[0m plain\n\033]0;title\007after\n10%%\r20%%\r30%%\n'; exec sleep 600` + '\n',
    });
    await expectStarted(rig, 'start', { env: { DEVCTL_MODE: mode } });
    expect(await logs(rig)).toBe('red plain\nafter\n30%\n');
  });

  test('an empty log and a service that was never started are no failure', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: exec sleep 600\nother: echo never; exec sleep 600\n' });
    await expectStarted(rig, 'start web');
    expect((await rig.devctl('logs web')).code).toBe(0);
    const other = await rig.devctl('logs other');
    expect(other.code).toBe(0);
    expect(other.stdout).toContain(join(rig.project, 'log', 'other.log'));
  });

  test('-f with --for shows the lines that come, each once and in order, and ends', async () => {
    await using rig = Rig.create({
      'Procfile.dev': 'web: i=0; while :; do i=$((i + 1)); echo tick $i; sleep 0.1; done\n',
    });
    await expectStarted(rig, 'start');
    const ticks = (await logs(rig, '-f --for 2s -n 1 web')).match(/tick \d+/g)?.map((tick) => Number(tick.slice(5))) ?? [];
    expect(ticks.length).toBeGreaterThan(3);
    expect(ticks).toEqual(ticks.map((_, index) => (ticks[0] ?? 0) + index));
  });

  test('-f goes on with the log of a service that is restarted meanwhile', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: echo "I am $$"; exec sleep 600\n' });
    await expectStarted(rig, 'start');
    const following = logs(rig, '-f --for 8s web');
    await expectStarted(rig, 'restart web');
    const second = (await logs(rig, 'web')).trim();
    expect((await following).trim().split('\n')).toContain(second);
  });

  test('-f with --json prints one JSON document a line', async () => {
    await using rig = await feeding();
    const following = rig.devctl('logs -f --for 2s --json');
    await feed(rig, 'second');
    const { code, stdout } = await following;
    expect(code).toBe(0);
    const documents = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(documents.at(-1)).toMatchObject({ schema: 'devctl.logs/1', ok: true });
  });
});

describe('on a terminal', () => {
  test('escape sequences and repeats stay', async () => {
    await using rig = Rig.create({
      'Procfile.dev': String.raw`web: printf '\033[31mred\033[0m\nagain\nagain\nagain\n'; exec sleep 600` + '\n',
    });
    await expectStarted(rig, 'start');
    const terminal = await rig.terminal();
    terminal.type('clear; $DEVCTL logs; echo code $?');
    const screen = await terminal.waitFor(/^code 0/m);
    expect(screen).toMatch(/red\nagain\nagain\nagain\ncode 0/);
    const raw = spawnSync('tmux', ['-S', join(rig.root, 'x0'), 'capture-pane', '-p', '-e'], { encoding: 'utf8' }).stdout;
    expect(raw).toContain('\x1b[31mred');
  });

  test('-f goes on until Ctrl-C', async () => {
    await using rig = await feeding();
    const terminal = await rig.terminal();
    terminal.type('$DEVCTL logs -f');
    await terminal.waitFor(/^first/m);
    await feed(rig, 'second');
    await terminal.waitFor(/^second/m);
    terminal.press('C-c');
    terminal.type('echo code $?');
    expect(await terminal.waitFor(/code \d+$/m)).toContain('code 130');
  });
});

describe('files', () => {
  test.each(MODES)('--run previous shows the run before this one in %s mode', async (mode) => {
    await using rig = await printing('of the first run\n', mode);
    expect((await rig.devctl('stop')).code).toBe(0);
    rig.write({ lines: 'of the second run\n' });
    await expectStarted(rig, 'start', { env: { DEVCTL_MODE: mode } });
    expect(await logs(rig)).toBe('of the second run\n');
    const previous = await logs(rig, '--run previous');
    expect(previous).toContain('of the first run\n');
    expect(previous).not.toContain('second');
  });

  test('logs of a stopped project are still there', async () => {
    await using rig = await printing('last words\n');
    expect((await rig.devctl('stop')).code).toBe(0);
    expect(await logs(rig)).toContain('last words\n');
  });

  test('several services have their names before their lines', async () => {
    await using rig = Rig.create({
      'Procfile.dev': 'web: echo hello; exec sleep 600\nlong-worker: echo hi; exec sleep 600\n',
    });
    await expectStarted(rig, 'start');
    expect(await logs(rig)).toBe('web         | hello\nlong-worker | hi\n');
    expect(await logs(rig, 'web')).toBe('hello\n');
    expect(await logs(rig, 'web long-worker')).toBe('web         | hello\nlong-worker | hi\n');
  });

  test.each(
    MODES.flatMap((mode) =>
      ['sh print.sh >> log/x.log 2>&1', 'sh print.sh > log/x.log 2>&1', 'exec sh print.sh &>> log/x.log'].map((line) => ({
        mode,
        line,
      })),
    ),
  )('a line that redirects itself is found: $line in $mode mode', async ({ mode, line }) => {
    await using rig = Rig.create({
      'print.sh': 'echo out; echo err >&2; exec sleep 600\n',
      'Procfile.dev': `web: ${line}\n`,
      'devctl.yml': 'services: { web: { shell: bash } }\n',
    });
    await expectStarted(rig, 'start', { env: { DEVCTL_MODE: mode } });
    expect(await logs(rig)).toBe('out\nerr\n');
    expect(rig.read('log/x.log')).toBe('out\nerr\n');
  });

  test('a line that appends to its own file shows this run only, and the file is left as it is', async () => {
    await using rig = Rig.create({
      'log/x.log': 'from long ago\n',
      'Procfile.dev': 'web: (echo now; exec sleep 600) >> log/x.log 2>&1\n',
    });
    await expectStarted(rig, 'start');
    expect(await logs(rig)).toBe('now\n');
    expect(rig.read('log/x.log')).toBe('from long ago\nnow\n');
  });

  test.each(MODES)('a log/web.log that devctl did not make is never touched in %s mode', async (mode) => {
    const env = { DEVCTL_MODE: mode };
    const foreign = 'notes of a person\n';
    await using rig = Rig.create({ 'log/web.log': foreign, 'Procfile.dev': 'web: echo hello; exec sleep 600\n' });
    const started = await rig.devctl('start', { env });
    expect(started.code).toBe(0);
    expect(started.stdout).toMatch(/web logs to \S*web\.devctl\.log: web\.log is there and is not devctl's/);
    expect(await logs(rig, 'web')).toBe('hello\n');
    await expectStarted(rig, 'restart', { env });
    expect((await rig.devctl('stop')).code).toBe(0);
    await expectStarted(rig, 'start', { env });
    expect((await rig.devctl('nuke --project --yes')).code).toBe(0);
    expect(rig.read('log/web.log')).toBe(foreign);
    expect(rig.has('log/web.log.1')).toBe(false);
  });
});
