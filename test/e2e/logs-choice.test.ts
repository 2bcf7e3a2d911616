import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MODES, Rig, type RunOptions } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectStarted, feed, feeding, logs, numbered, printing, type LogsData } from './log-rigs.ts';

describe('a choice of lines', () => {
  test.each(MODES)('-n takes the last ones in %s mode', async (mode) => {
    await using rig = await printing(`${numbered(1, 300).join('\n')}\n`, mode);
    expect((await logs(rig, '-n 5')).trimEnd().split('\n').slice(-5)).toEqual(numbered(296, 300));
    expect((await logs(rig, '-n 250')).trimEnd().split('\n').slice(-250)).toEqual(numbered(51, 300));
  });

  test('--grep takes those that match, in either case, and says nothing of the others', async () => {
    await using rig = await printing('GET /users 200\nget /orders 404\nPOST /users 201\n');
    expect(await logs(rig, '--grep ^get')).toBe('GET /users 200\nget /orders 404\n');
    expect(await logs(rig, '--grep nothing')).toBe('');
  });

  test('--grep searches the whole log, not its last lines', async () => {
    await using rig = await printing(`needle\n${numbered(1, 5000).join('\n')}\n`);
    expect(await logs(rig, '--grep needle')).toBe('needle\n');
  });

  test('--grep sees through colours', async () => {
    await using rig = Rig.create({
      'Procfile.dev': String.raw`web: printf '\033[31mnee\033[0mdle\nhay\n'; exec sleep 600` + '\n',
    });
    await expectStarted(rig, 'start');
    expect(await logs(rig, '--grep needle')).toBe('needle\n');
  });

  test('--errors takes errors with the lines of their stack', async () => {
    const stack = ['TypeError: x is not a function', '    at run (app.js:3:5)', '    at main (app.js:9:1)'];
    const trace = ['Traceback (most recent call last):', '  File "app.py", line 3, in <module>', '    main()', 'ValueError: bad'];
    await using rig = await printing(
      ['listening', ...stack, 'GET / 200', '  indented, and fine', ...trace, 'Error: listen EADDRINUSE', 'bye', ''].join('\n'),
    );
    expect(await logs(rig, '--errors')).toBe([...stack, ...trace, 'Error: listen EADDRINUSE', ''].join('\n'));
  });

  test('--errors leaves out words that only begin as an error code does', async () => {
    await using rig = await printing('every event was emitted, empty or not\nconnect ETIMEDOUT 10.0.0.1\n');
    expect(await logs(rig, '--errors')).toBe('connect ETIMEDOUT 10.0.0.1\n');
  });

  test('--since takes the lines whose own time is later, with the lines that belong to them', async () => {
    const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();
    await using rig = await printing(
      [
        `${at(60)} old`,
        '  of the old one',
        `[${at(2)}] recent`,
        '  of the recent one',
        `${at(1).replace('T', ' ')} newest`,
        '',
      ].join('\n'),
    );
    const lines = (await logs(rig, '--since 10m')).trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/^\S*\d{4}-\S+ (?:\S+Z )?/, ''))).toEqual([
      'recent',
      '  of the recent one',
      'newest',
    ]);
    expect(await logs(rig, `--since ${at(90)}`)).toContain('old');
  });

  test('--since says when no line carries a time', async () => {
    await using rig = await printing('no time here\n');
    const stdout = await logs(rig, '--since 10m');
    expect(stdout).toContain('no time here');
    expect(stdout).toMatch(/no time/);
  });
});

describe('a cursor', () => {
  const as = (session: string): RunOptions => ({ env: { CLAUDE_CODE_SESSION_ID: session } });
  const newLines = (stdout: string) => stdout.split('\n').filter((line) => line !== '' && !line.startsWith('cursor: '));

  test('--since-last gives each caller what is new to it', async () => {
    await using rig = await feeding();
    expect(newLines(await logs(rig, '--since-last', as('a')))).toEqual(['first']);
    expect(newLines(await logs(rig, '--since-last', as('a')))).toEqual(['(nothing new)']);
    await feed(rig, 'second', 'third');
    expect(newLines(await logs(rig, '--since-last', as('a')))).toEqual(['second', 'third']);
    expect(newLines(await logs(rig, '--since-last', as('b')))).toEqual(['first', 'second', 'third']);
    expect(newLines(await logs(rig, '--since-last', as('a')))).toEqual(['(nothing new)']);
  });

  test('--since-last of one service takes nothing from another', async () => {
    await using rig = await feeding(['web', 'api']);
    await waitFor('both to have printed', () => rig.read('log/api.log').includes('first'));
    expect(newLines(await logs(rig, 'web --since-last', as('a')))).toEqual(['first']);
    expect(newLines(await logs(rig, 'api --since-last', as('a')))).toEqual(['first']);
    expect(newLines(await logs(rig, '--since-last', as('a')))).toEqual(['(nothing new)']);
  });

  test('--since-last shows a restarted service from its new start', async () => {
    await using rig = await feeding();
    await logs(rig, '--since-last', as('a'));
    await expectStarted(rig, 'restart web');
    expect(newLines(await logs(rig, '--since-last', as('a')))).toEqual(['first']);
  });

  test('--since-last gives a line whole that was half written at the last call', async () => {
    await using rig = await feeding();
    appendFileSync(join(rig.project, 'feed'), 'half a ');
    await waitFor('the half line to be logged', () => rig.read('log/web.log').includes('half'));
    await logs(rig, '--since-last', as('a'));
    await feed(rig, 'line');
    expect(newLines(await logs(rig, '--since-last', as('a')))).toEqual(['half a line']);
  });

  test('--cursor takes the one that --json gave', async () => {
    await using rig = await feeding();
    const { cursor } = await rig.json<LogsData>('logs');
    await feed(rig, 'second');
    const next = await rig.json<LogsData>(`logs --cursor ${cursor}`);
    expect(next.services[0]?.lines).toEqual(['second']);
    const again = await rig.json<LogsData>(`logs --cursor ${next.cursor}`);
    expect(again.services[0]?.lines).toEqual([]);
    expect(newLines(await logs(rig, `--cursor ${cursor}`))).toEqual(['second']);
  });
});

test('a line that appends to its own log has it rotated; another file that it appends to is never touched', async () => {
  await using rig = Rig.create({
    'Procfile.dev': `web: (echo one; exec sleep 86600) >> log/web.log 2>&1\ndata: echo x >> data.txt; exec sleep 86600 >> data.txt\n`,
  });
  await rig.devctl('start');
  await rig.devctl('restart');
  expect((await rig.devctl('logs web')).stdout).toBe('one\n');
  expect(rig.has('log/web.log.1')).toBe(true);
  expect(rig.read('data.txt')).toBe('x\nx\n');
});
