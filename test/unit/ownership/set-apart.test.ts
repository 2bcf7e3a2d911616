import { describe, expect, test } from 'vitest';
import type { ProcessInfo } from '../../../src/machine/processes.ts';
import type { Claim } from '../../../src/ownership/claim.ts';
import { findOwned } from '../../../src/ownership/owned.ts';
import { makeClaim, OURS } from '../fakes/claim.ts';
import { makeProcess, tableOf } from '../fakes/processes.ts';

type Given = Partial<ProcessInfo> & { pid: number; command?: string };

const KEEPER: Given = { pid: 10, mark: OURS };

function look(processes: Given[], over: Partial<Claim> = {}) {
  const commands = new Map(processes.map(({ pid, command = '' }) => [pid, command]));
  const table = tableOf([KEEPER, ...processes].map(makeProcess));
  const { certain, setApart } = findOwned(table, makeClaim({ commandOf: (pid) => commands.get(pid) ?? '', ...over }));
  return {
    certain: certain.map(({ process }) => process.pid),
    apart: setApart.map(({ process, kind, evidence }) => `${String(process.pid)} ${kind}: ${evidence.join(', ')}`),
  };
}

const GRADLE = 'java -cp gradle.jar org.gradle.launcher.daemon.bootstrap.GradleDaemon 8.5';

describe('shared daemons', () => {
  test('one that has left its keeper is set apart, and so is what it starts, for whatever project', () => {
    const found = look([
      { pid: 20, ppid: 1, mark: OURS, comm: 'java', command: GRADLE },
      { pid: 21, ppid: 20, mark: OURS, comm: 'java', command: 'java -jar another-project.jar' },
      { pid: 22, ppid: 10, mark: OURS, comm: 'node' },
    ]);
    expect(found.certain).toEqual([10, 22]);
    expect(found.apart).toEqual(['20 shared: mark, shared daemon gradle', '21 shared: beneath shared daemon gradle (pid 20)']);
  });

  test('one that its keeper still runs is the service itself', () => {
    expect(look([{ pid: 20, ppid: 10, mark: OURS, comm: 'watchman', command: 'watchman -f' }])).toEqual({
      certain: [10, 20],
      apart: [],
    });
  });

  test('a java of our own is none', () => {
    expect(look([{ pid: 20, ppid: 1, mark: OURS, comm: 'java', command: 'java -jar app.jar' }]).apart).toEqual([]);
  });

  test('a tmux server is, unless the service’s line names it', () => {
    const server: Given = { pid: 20, ppid: 1, mark: OURS, comm: 'tmux: server', command: 'tmux new -d' };
    expect(look([server]).apart).toEqual(['20 shared: mark, shared daemon tmux']);
    expect(look([server], { commands: new Map([['web', 'tmux -L x new -d server']]) }).apart).toEqual([]);
  });
});

describe('desktop programs', () => {
  const browser: Given = {
    pid: 20,
    ppid: 22,
    sid: 20,
    mark: OURS,
    comm: 'firefox',
    command: '/usr/lib/firefox/firefox http://localhost:3000',
  };
  const vite: Given = { pid: 22, ppid: 10, mark: OURS, comm: 'node', command: 'vite --open' };

  test('the browser that a service opened is set apart with all its processes, also while the service lives', () => {
    const found = look([browser, vite, { pid: 21, ppid: 20, mark: OURS, comm: 'Web Content' }]);
    expect(found.certain).toEqual([10, 22]);
    expect(found.apart).toEqual([
      '20 desktop: mark, desktop program firefox',
      '21 desktop: beneath desktop program firefox (pid 20)',
    ]);
  });

  test('one that a program drives is that program’s', () => {
    const driven = { ...browser, comm: 'chrome', command: '/opt/chrome/chrome --headless --remote-debugging-port=0' };
    expect(look([driven, vite]).certain).toContain(20);
  });

  test('one that the service’s own line names is the service', () => {
    expect(look([browser, vite], { commands: new Map([['web', 'firefox http://localhost:3000']]) }).certain).toContain(20);
  });

  test('a service’s own process is never set apart, whatever it is called', () => {
    const bot: Given = { pid: 20, ppid: 10, mark: OURS, comm: 'slack', command: 'perl bot.pl' };
    expect(look([bot]).certain).toEqual([10, 20]);
    expect(look([{ ...bot, ppid: 22, comm: 'slack-bot' }, vite]).certain).toContain(20);
  });

  test('one on macOS is known by its bundle', () => {
    const path = '/Applications/Some Editor.app/Contents/MacOS/Some Editor';
    expect(look([{ ...browser, comm: path, command: path }, vite]).certain).not.toContain(20);
  });
});

test('where there is no mark: the tmux server and what it runs without a terminal are infrastructure', () => {
  const server = { pid: 30, start: 1000 };
  const table = tableOf(
    [
      { pid: 30, comm: 'tmux' },
      { pid: 31, ppid: 30, comm: 'cat', writesTo: ['1:77'] },
      { pid: 32, ppid: 30, tty: 7, comm: 'bash' },
    ].map(makeProcess),
  );
  const { certain } = findOwned(table, makeClaim({ server, keepers: [] }));
  expect(certain.map(({ process, role }) => [process.pid, role])).toEqual([
    [30, 'infrastructure'],
    [31, 'infrastructure'],
  ]);
});
