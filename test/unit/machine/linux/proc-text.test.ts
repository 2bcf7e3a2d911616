import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMark, parseNetTcp, parseStat } from '../../../../src/machine/linux/proc-text.ts';
import { isMarkOf, serviceMark } from '../../../../src/project/identity.ts';

const stat = (name: string) =>
  `4119 (${name}) S 4100 4119 4119 34816 4119 4194304 120 0 0 0 250 50 0 0 20 0 1 0 987654 12345678 512 18446744073709551615 1 1 0 0 0\n`;

describe('/proc/PID/stat', () => {
  test('every field but the user, which is asked for apart', () => {
    expect(parseStat(stat('node'))).toEqual({
      pid: 4119,
      comm: 'node',
      state: 'S',
      ppid: 4100,
      pgid: 4119,
      sid: 4119,
      tty: 34816,
      cpuMs: 3000,
      start: 987654,
      rssBytes: 512 * 4096,
      uid: -1,
    });
  });

  test.each(['tmux: server', '(sd-pam)', 'a) R 1 1 1 0', 'x (y) z', ') S 7 (', '', ' ', 'new\nline', '1234567 (a) S'])(
    'a name such as %j hides nothing',
    (name) => {
      expect(parseStat(stat(name))).toMatchObject({ pid: 4119, comm: name, state: 'S', ppid: 4100, start: 987654 });
    },
  );

  test('any name of at most 15 characters hides nothing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 15 }), (name) => {
        expect(parseStat(stat(name))).toMatchObject({ comm: name, ppid: 4100, sid: 4119, start: 987654 });
      }),
    );
  });

  test.each(['', '4119', '4119 node S', '4119 )('])('%j is none', (text) => {
    expect(parseStat(text)).toBeUndefined();
  });

  test('a zombie', () => {
    expect(parseStat('7 (node) Z 1 7 7 0 -1 4227340 0 0 0 0 0 0 0 0 20 0 1 0 55 0 0 0')).toMatchObject({
      state: 'Z',
      tty: 0,
      start: 55,
      rssBytes: 0,
    });
  });
});

const limits = (soft: string) => `Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max pending signals       96412                96412                signals
Max file locks            ${soft.padEnd(21)}unlimited            locks
Max realtime timeout      unlimited            unlimited            us
`;

describe('/proc/PID/limits', () => {
  test('a mark is found as it was made', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{12}$/), fc.stringMatching(/^[a-z]{1,8}$/), (id, service) => {
        const mark = parseMark(limits(serviceMark(id, service)));
        expect(mark).toBe(serviceMark(id, service));
        expect(isMarkOf(id, mark ?? '0')).toBe(true);
      }),
    );
  });

  test.each(['unlimited', '0', '64', '1000000'])('a soft limit of %s is none', (soft) => {
    expect(parseMark(limits(soft))).toBeUndefined();
  });

  test.each(['', 'Max open files            1024                 4096                 files\n'])('%j has none', (text) => {
    expect(parseMark(text)).toBeUndefined();
  });
});

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (local: string, state: string, uid = 1000, inode = 31337) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  ${String(uid).padStart(4)}        0 ${String(inode)} 1 0000000000000000 100 0 0 10 0\n`;

describe('/proc/PID/net/tcp and tcp6', () => {
  test.each<[string, string, number]>([
    ['0100007F:0BB8', '127.0.0.1', 3000],
    ['00000000:1F90', '0.0.0.0', 8080],
    ['0101A8C0:0016', '192.168.1.1', 22],
    ['00000000000000000000000000000000:0BB8', '::', 3000],
    ['00000000000000000000000001000000:1435', '::1', 5173],
    ['0000000000000000FFFF00000100007F:0050', '127.0.0.1', 80],
    ['0000000000000000FFFF000000000000:0050', '0.0.0.0', 80],
    ['000080FE00000000FF005450A94AB3FE:FFFF', 'fe80:0:0:0:5054:ff:feb3:4aa9', 65535],
    ['B80D0120000000000000000001000000:0BB8', '2001:db8:0:0:0:0:0:1', 3000],
  ])('%s is %s, port %i', (local, address, port) => {
    expect(parseNetTcp(HEAD + row(local, '0A'))).toEqual([{ port, address, uid: 1000, inode: '31337' }]);
  });

  test.each(['01', '02', '06', '07', '08'])('a socket in state %s does not listen', (state) => {
    expect(parseNetTcp(HEAD + row('0100007F:0BB8', state))).toEqual([]);
  });

  test('all that listen, each with its user and its inode', () => {
    const text = HEAD + row('0100007F:0BB8', '0A', 0, 1) + row('0100007F:0BB8', '01', 0, 2) + row('00000000:0BB9', '0A', 33, 3);
    expect(parseNetTcp(text)).toEqual([
      { port: 3000, address: '127.0.0.1', uid: 0, inode: '1' },
      { port: 3001, address: '0.0.0.0', uid: 33, inode: '3' },
    ]);
  });

  test.each(['', HEAD, 'garbage\n', '\n\n'])('%j has none', (text) => {
    expect(parseNetTcp(text)).toEqual([]);
  });
});
