import { describe, expect, test } from 'vitest';
import { parseEndpoint, parseFolders, parseLsof, parseOutputs } from '../../../../src/machine/portable/lsof-text.ts';

/** Captured: lsof 4.95 on Linux, -F pufdtn. */
const LISTENERS = `p19384
u0
f3
tIPv4
d352972
n127.0.0.1:28946
f4
tIPv6
d352973
n[::1]:28946
p21218
u1000
f3
tIPv6
d369328
n*:5175
`;

describe('lsof', () => {
  test('files, each with its process and its user', () => {
    expect(parseLsof(LISTENERS).map(({ pid, uid, fields }) => [pid, uid, fields.get('f'), fields.get('n')])).toEqual([
      [19384, 0, '3', '127.0.0.1:28946'],
      [19384, 0, '4', '[::1]:28946'],
      [21218, 1000, '3', '*:5175'],
    ]);
    expect(parseLsof('')).toEqual([]);
  });

  test.each([
    ['127.0.0.1:3000', 'IPv4', { address: '127.0.0.1', port: 3000 }],
    ['*:3000', 'IPv4', { address: '0.0.0.0', port: 3000 }],
    ['*:3000', 'IPv6', { address: '::', port: 3000 }],
    ['[::1]:3000', 'IPv6', { address: '::1', port: 3000 }],
    ['[fe80::1%lo0]:80', 'IPv6', { address: 'fe80::1%lo0', port: 80 }],
    ['*:*', 'IPv4', undefined],
    ['', undefined, undefined],
  ])('the endpoint %j', (name, type, expected) => {
    expect(parseEndpoint(name, type)).toEqual(expected);
  });

  test('an output is standard output or error, open for writing: a reader of the log is nobody’s', () => {
    const text = 'p7\nf1\naw\nD0xfe01\ni42\nf2\nau\nD0xfe01\ni43\np8\nf1\nar\nD0xfe01\ni42\np9\nf5\naw\nD0xfe01\ni42\n';
    expect(parseOutputs(text)).toEqual(new Map([[7, ['65025:42', '65025:43']]]));
  });

  test('current folders, also one that is deleted; none where it may not be read', () => {
    const text =
      'p7\nfcwd\nn/app\np8\nfcwd\nn/gone (deleted)\np9\nfcwd\nn/proc/9/cwd (readlink: Permission denied)\np10\nfcwd\nnunknown\n';
    expect(parseFolders(text).get(7)).toBe('/app');
    expect(parseFolders(text).get(8)).toBe('/gone');
    expect(parseFolders(text).get(9)).not.toBe('/app');
    expect(parseFolders(text).has(10)).toBe(false);
  });
});
