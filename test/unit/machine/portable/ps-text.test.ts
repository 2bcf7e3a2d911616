import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCookies, parseCpuTime, parsePs, parseStart, programName } from '../../../../src/machine/portable/ps-text.ts';

const START = Date.UTC(2026, 10, 24, 15, 47, 11) / 1000;
const tty = (name: string) => ({ 'pts/3': 34819, ttys003: 268435459 })[name] ?? 0;
const rows = (text: string) => parsePs(text, tty);

/** Captured: procps-ng 4.0.2, LC_ALL=C TZ=UTC0. */
const LINUX = `      1       0       1     0 ?        Ss   00:00:01 11112 Tue Nov 24 15:10:02 2026 /sbin/init
   4100       1    4100  1000 ?        Ss   00:00:00  3200 Tue Nov 24 15:47:11 2026 tmux -u -S /tmp/x.tmux new-session -d
   4119    4100    4119  1000 pts/3    Ss   00:00:00  1740 Tue Nov 24 15:47:11 2026 sh /opt/devctl/libexec/keeper.sh web
   4120    4119    4120  1000 pts/3    Sl+  01:02:03 55552 Tue Nov 24 15:47:12 2026 node server.js -p 3000
   4121    4120    4120  1000 pts/3    Z+   00:00:00     0 Tue Nov 24 15:47:12 2026 [sh] <defunct>
`;

/** As ps(1) of macOS has its columns; nobody has captured it on a Mac for us yet. */
const MACOS = `    1     0     1     0 ??       Ss    12:34.56  23456 Mon Nov 23 08:01:02 2026     /sbin/launchd
  612     1   612   501 ??       S      0:12.30 145632 Mon Nov 23 08:02:11 2026     /Applications/Google Chrome.app/Contents/MacOS/Google Chrome --restart
 4119  4100  4119   501 ttys003  Ss     0:00.05   2112 Tue Nov 24 15:47:11 2026     /bin/sh /opt/devctl/libexec/keeper.sh web
 4120  4119  4120   501 ttys003  S+  1-02:03:04.50   2112 Tue Nov 24 15:47:11 2026     -zsh
`;

describe('the table of ps', () => {
  test('of Linux', () => {
    const [init, server, keeper, web, dead] = rows(LINUX);
    expect(init?.info).toMatchObject({ pid: 1, ppid: 0, uid: 0, tty: 0, comm: 'init', state: 'S' });
    expect(server?.info).toMatchObject({ pid: 4100, comm: 'tmux', tty: 0, sid: 4100 });
    expect(keeper).toEqual({
      info: {
        pid: 4119,
        ppid: 4100,
        pgid: 4119,
        sid: 4119,
        uid: 1000,
        tty: 34819,
        state: 'S',
        start: START,
        comm: 'sh',
        cpuMs: 0,
        rssBytes: 1740 * 1024,
      },
      command: 'sh /opt/devctl/libexec/keeper.sh web',
    });
    expect(web?.info).toMatchObject({ pgid: 4120, cpuMs: 3_723_000, start: START + 1 });
    expect(dead?.info.state).toBe('Z');
  });

  test('of macOS, whose applications have blanks in their names', () => {
    const [, chrome, keeper, shell] = rows(MACOS);
    expect(chrome?.info.comm).toMatch(/^\/Applications\/Google Chrome\.app\//);
    expect(keeper).toMatchObject({
      info: { pid: 4119, tty: 268435459, start: START, cpuMs: 50 },
      command: '/bin/sh /opt/devctl/libexec/keeper.sh web',
    });
    expect(shell?.info).toMatchObject({ comm: 'zsh', cpuMs: 93_784_500 });
  });

  test('on a terminal the topmost process of it stands for the session', () => {
    const [, server, keeper, web] = rows(LINUX);
    expect([server?.info.sid, keeper?.info.sid, web?.info.sid]).toEqual([4100, 4119, 4119]);
  });

  test('a group without its leader says nothing about the session', () => {
    const [orphan] = rows('   70       1      60  1000 ?        S    00:00:00  3200 Tue Nov 24 15:47:11 2026 node server.js\n');
    expect(orphan?.info).toMatchObject({ pgid: 60, sid: 0 });
  });

  test.each(['', 'ps: illegal option', '  12 13', 'PID PPID'])('a line that is none is passed over: %j', (text) => {
    expect(rows(text)).toEqual([]);
  });

  test('a table that goes in a circle ends', () => {
    const circle = LINUX.replace('4100       1', '4100    4119').replace('? ', 'pts/3');
    expect(rows(circle).length).toBeGreaterThan(0);
  });

  test.each([
    ['0:00', 0],
    ['0:12.30', 12_300],
    ['12:34.56', 754_560],
    ['01:02:03', 3_723_000],
    ['2-00:00:01', 172_801_000],
  ])('processor time %s', (text, ms) => {
    expect(parseCpuTime(text)).toBe(ms);
  });

  test('a start is told to the second, whatever the blanks', () => {
    expect(parseStart('Tue Nov  3 05:07:09 2026')).toBe(Date.UTC(2026, 10, 3, 5, 7, 9) / 1000);
  });

  test.each([
    ['/usr/bin/node x.js', 'node'],
    ['-bash', 'bash'],
    ['', ''],
  ])('the name of %j', (command, name) => {
    expect(programName(command)).toBe(name);
  });
});

describe('the cookie in the output of ps e', () => {
  const commands = new Map([[7, 'node server.js']]);
  const cookie = (environment: string) => parseCookies(`      7 node server.js ${environment}\n`, commands).get(7)?.cookie;

  test.each([
    ['PATH=/bin DEVCTL_SESSION=abcabcabcabc HOME=/root', 'abcabcabcabc'],
    ['DEVCTL_SESSION=abcabcabcabc', 'abcabcabcabc'],
    ['DEVCTL_SESSION=abcabcabcabcx', 'abcabcabcabcx'],
    ['OTHER=DEVCTL_SESSION=abcabcabcabc', undefined],
    ['XDEVCTL_SESSION=abcabcabcabc', undefined],
    ['PATH=/bin', undefined],
  ])('%j', (environment, expected) => {
    expect(cookie(environment)).toBe(expected);
  });

  test('comes with the name of its service', () => {
    expect(parseCookies('7 node server.js PS=web DEVCTL_SESSION=abcabcabcabc\n', commands).get(7)).toEqual({
      cookie: 'abcabcabcabc',
      cookieService: 'web',
    });
  });

  test('that stands in the command line is none', () => {
    const line = 'env DEVCTL_SESSION=abcabcabcabc sleep 5';
    expect(parseCookies(`7 ${line} PATH=/bin\n`, new Map([[7, line]])).size).toBe(0);
  });

  test('no output crashes it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseCookies(text, commands)).toBeInstanceOf(Map);
        expect(rows(text)).toBeInstanceOf(Array);
      }),
    );
  });
});
