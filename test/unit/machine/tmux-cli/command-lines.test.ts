import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNoServer, openingCalls, parsePanes, parseReports } from '../../../../src/machine/tmux-cli/command-lines.ts';
import type { OpenRequest, Pane } from '../../../../src/machine/tmux.ts';

const KEEPER = '/opt/devctl/libexec/keeper.sh';

function makeRequest(over: Partial<OpenRequest> = {}): OpenRequest {
  return {
    socket: '/run/devctl/abc.tmux',
    runFolder: '/state/run',
    cwd: '/app',
    panes: [{ service: 'web', logPath: '/app/log/web.log' }],
    size: { columns: 200, rows: 50 },
    layout: 'panes',
    mark: '42',
    ...over,
  };
}
const panes = (count: number, folder = '/app/log') =>
  Array.from({ length: count }, (_, i) => ({ service: `service-${String(i)}`, logPath: `${folder}/service-${String(i)}.log` }));
const bytes = (call: string[]) => call.reduce((sum, word) => sum + Buffer.byteLength(word) + 1, 0);
/** A call's commands, as tmux takes them apart: at every word that ends with a `;`, unless that is escaped. */
function commands(call: string[]): string[][] {
  const list: string[][] = [[]];
  for (const word of call) {
    if (!/(?<!\\);$/.test(word)) list.at(-1)?.push(word);
    else {
      if (word !== ';') list.at(-1)?.push(word.slice(0, -1));
      list.push([]);
    }
  }
  return list;
}
const names = (call: string[]) => commands(call).map(([name]) => name);
const existing = (over: Partial<Pane> = {}): Pane => ({
  id: '%3',
  pid: 10,
  service: 'web',
  tty: '/dev/pts/3',
  isDead: false,
  ...over,
});

describe('the calls that open panes', () => {
  test('a new server: one call, with its log writer before anything else', () => {
    const calls = openingCalls(makeRequest(), [], KEEPER);
    expect(calls).toEqual([
      [
        ...['new-session', '-d', '-s', 'devctl', '-n', 'web', '-x', '200', '-y', '50', 'sh', KEEPER, 'web', ';'],
        ...['pipe-pane', `exec cat >>'/app/log/web.log'`, ';'],
        ...['set-option', '-p', '@devctl', 'web', ';'],
        ...['display-message', '-p', '#{pid} #{pane_pid} #{@devctl}'],
      ],
    ]);
  });

  test('panes are tiled while they fit, then comes a window', () => {
    const [call = []] = openingCalls(makeRequest({ panes: panes(5), size: { columns: 130, rows: 25 } }), [], KEEPER);
    const opened = names(call).filter((name) => /new-session|split-window|new-window|select-layout/.test(name ?? ''));
    expect(opened).toEqual([
      'new-session',
      ...['split-window', 'select-layout', 'split-window', 'select-layout', 'split-window', 'select-layout'],
      'new-window',
    ]);
  });

  test('layout windows: one each', () => {
    const [call = []] = openingCalls(makeRequest({ panes: panes(3), layout: 'windows' }), [], KEEPER);
    expect(names(call).filter((name) => /session|window/.test(name ?? ''))).toEqual(['new-session', 'new-window', 'new-window']);
  });

  test('a terminal too small for a pane still gets one a window', () => {
    const [call = []] = openingCalls(makeRequest({ panes: panes(2), size: { columns: 20, rows: 4 } }), [], KEEPER);
    expect(names(call)).toContain('new-window');
    expect(names(call)).not.toContain('split-window');
  });

  test('a dead pane of the same service is used again, by its id', () => {
    const [call = []] = openingCalls(makeRequest(), [existing({ isDead: true })], KEEPER);
    expect(commands(call)).toEqual([
      ['respawn-pane', '-k', '-t', '%3', 'sh', KEEPER, 'web'],
      ['pipe-pane', '-t', '%3', `exec cat >>'/app/log/web.log'`],
      ['set-option', '-p', '-t', '%3', '@devctl', 'web'],
      ['display-message', '-p', '-t', '%3', '#{pid} #{pane_pid} #{@devctl}'],
    ]);
  });

  test.each([existing(), existing({ service: 'css', isDead: true })])('another pane is left alone: %j', (pane) => {
    const [call = []] = openingCalls(makeRequest(), [pane], KEEPER);
    expect(names(call)[0]).toBe('new-window');
  });

  test('no panes: no calls', () => {
    expect(openingCalls(makeRequest({ panes: [] }), [], KEEPER)).toEqual([]);
  });
});

describe('whatever is opened', () => {
  const folder = fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => `/${text.replace(/[\0/\n]/g, '')}`);
  const size = fc.record({ columns: fc.integer({ min: 1, max: 400 }), rows: fc.integer({ min: 1, max: 120 }) });
  const request = fc
    .record({ count: fc.integer({ min: 1, max: 120 }), folder, size, layout: fc.constantFrom('panes', 'windows') })
    .map(({ count, folder: logs, ...rest }) => makeRequest({ size: rest.size, layout: rest.layout, panes: panes(count, logs) }));

  test('no call is longer than 12 kB', () => {
    fc.assert(
      fc.property(request, (asked) => {
        for (const call of openingCalls(asked, [], KEEPER)) expect(bytes(call)).toBeLessThanOrEqual(12_000);
      }),
      { numRuns: 50 },
    );
  });

  test('every pane has its keeper, log writer and report, in one call', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const calls = openingCalls(asked, [], KEEPER);
        const reports = calls.flatMap((call) => names(call).filter((name) => name === 'display-message'));
        expect(reports).toHaveLength(asked.panes.length);
        for (const call of calls) {
          const count = (name: string) => names(call).filter((one) => one === name).length;
          expect(count('pipe-pane')).toBe(count('display-message'));
          expect(call.filter((word) => word === KEEPER)).toHaveLength(count('display-message'));
          expect(call.at(-1)).not.toBe(';');
        }
      }),
      { numRuns: 50 },
    );
  });

  test('only the first pane of a new server makes the session', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const opened = openingCalls(asked, [], KEEPER).flatMap(names);
        expect(opened.filter((name) => name === 'new-session')).toHaveLength(1);
        expect(opened[0]).toBe('new-session');
      }),
      { numRuns: 50 },
    );
  });
});

/** What tmux makes of a format without variables: `##` is `#`, `%%` is `%`; anything else of them it would expand. */
function expanded(text: string): string {
  expect(text.replace(/##|%%/g, '')).not.toMatch(/[#%]/);
  return text.replace(/##/g, '#').replace(/%%/g, '%');
}

describe('paths', () => {
  const writer = (logPath: string) => {
    const [call = []] = openingCalls(makeRequest({ panes: [{ service: 'web', logPath }] }), [], KEEPER);
    return commands(call).find(([name]) => name === 'pipe-pane')?.[1] ?? '';
  };

  test.each<[string, string]>([
    ['/a b/web.log', `exec cat >>'/a b/web.log'`],
    [`/it's/web.log`, `exec cat >>'/it'\\''s/web.log'`],
    ['/"x"/$HOME/`id`/web.log', `exec cat >>'/"x"/$HOME/\`id\`/web.log'`],
    ['/c#/web.log', `exec cat >>'/c##/web.log'`],
    ['/#{pane_id}/#(id)/web.log', `exec cat >>'/##{pane_id}/##(id)/web.log'`],
    ['/50%/%H/web.log', `exec cat >>'/50%%/%%H/web.log'`],
    ['/a;/web.log', `exec cat >>'/a;/web.log'`],
  ])('of a log: %s', (path, command) => {
    expect(writer(path)).toBe(command);
  });

  test('of a log: any is one quoted word, in which tmux expands nothing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const path = `/${text.replace(/\0/g, '')}`;
        const word = expanded(writer(path)).replace('exec cat >>', '');
        expect(word).toMatch(/^'.*'$/s);
        expect(word.slice(1, -1).replace(/'\\''/g, `'`)).toBe(path);
      }),
    );
  });

  test.each(['/home/me/c#/app', '/home/me/C#Dev', '/tmp/#(touch x)', '/tmp/#{pane_id}', '/app;'])(
    'of the project: tmux, which would expand it, is not told %s',
    (cwd) => {
      const calls = openingCalls(makeRequest({ cwd, panes: panes(3), size: { columns: 130, rows: 12 } }), [], KEEPER);
      expect(calls.flat().join(' ')).not.toContain(cwd);
    },
  );
});

describe('what tmux answers', () => {
  test('reports', () => {
    expect(parseReports('4000 4001 web\n4000 4002 worker.2\n')).toEqual([
      { serverPid: 4000, keeperPid: 4001, service: 'web' },
      { serverPid: 4000, keeperPid: 4002, service: 'worker.2' },
    ]);
  });

  test.each(['', '\n', 'no server running on /x', '4000 4001', '4000 4001 ', 'a b c'])('%j is no report', (text) => {
    expect(parseReports(text)).toEqual([]);
  });

  test('panes, also dead ones and those of others', () => {
    expect(parsePanes('%0 4001 0 /dev/pts/1 web\n%1 4002 1 /dev/pts/2 worker.2\n%2 4003 0 /dev/pts/3 \n')).toEqual([
      { id: '%0', pid: 4001, isDead: false, tty: '/dev/pts/1', service: 'web' },
      { id: '%1', pid: 4002, isDead: true, tty: '/dev/pts/2', service: 'worker.2' },
      { id: '%2', pid: 4003, isDead: false, tty: '/dev/pts/3' },
    ]);
    expect(parsePanes('')).toEqual([]);
  });

  test.each([
    ['no server running on /run/devctl/abc.tmux', true],
    ['error connecting to /run/devctl/abc.tmux (No such file or directory)', true],
    ['error connecting to /run/devctl/abc.tmux (Connection refused)', true],
    ['no sessions', true],
    ['error connecting to /run/devctl/abc.tmux (Permission denied)', false],
    ['server exited unexpectedly', false],
    ['', false],
  ])('"%s" means that there is no server: %s', (stderr, none) => {
    expect(isNoServer(stderr)).toBe(none);
  });
});
