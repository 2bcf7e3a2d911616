import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identify } from '../../../src/claude/install/identify.ts';
import { compareVersions, isAtLeast, isNativeVersion, parseVersion } from '../../../src/claude/install/version.ts';
import { memoryFiles } from '../fakes/memory-files.ts';

const ELF = Buffer.from('7f454c460201', 'hex');
const NODE = '#!/usr/bin/env node\nimport x from "y";\n';
const SCRIPT = '#!/bin/bash\necho hi\n';
const PACKAGE = '/n/@anthropic-ai/claude-code';
const packageOf = (version: unknown, name = '@anthropic-ai/claude-code') => JSON.stringify({ name, version });

const MAGIC: [string, string][] = [
  ['ELF', '7f454c46'],
  ['Mach-O', 'cffaedfe'],
  ['Mach-O, the other byte order', 'feedfacf'],
  ['Mach-O of 32 bits', 'cefaedfe'],
  ['Mach-O of 32 bits, the other byte order', 'feedface'],
  ['a universal one', 'cafebabe'],
];

const at = (path: string, files: Record<string, string | Buffer>) => identify(memoryFiles(files), path);
const only = (text: string | Buffer, path = '/b/claude') => at(path, { [path]: text });

describe('a machine program', () => {
  test.each(MAGIC)('%s', (_name, magic) => {
    expect(only(Buffer.from(`${magic}0201`, 'hex')).kind).toBe('native');
    expect(only(Buffer.from(`00${magic}`, 'hex')).kind).toBe('script');
  });

  test('whatever it is called, and whatever words are in it', () => {
    expect(only(Buffer.concat([ELF, Buffer.from('\nexec devctl claude "$@"\n')]), '/b/claude.js').kind).toBe('native');
  });

  test('whatever the bytes, there is an answer, and only the first four make a machine program', () => {
    const beginning = fc.oneof(fc.constantFrom(...MAGIC.map(([, magic]) => magic)), fc.constantFrom('', '23', '7f454c', 'cafe'));
    fc.assert(
      fc.property(beginning, fc.uint8Array({ maxLength: 5000 }), (start, rest) => {
        const bytes = Buffer.concat([Buffer.from(start, 'hex'), rest]);
        const isNative = MAGIC.some(([, magic]) => magic === bytes.toString('hex', 0, 4));
        expect(only(bytes)).toEqual({ kind: isNative ? 'native' : 'script', file: '/b/claude', version: undefined });
      }),
    );
  });
});

describe('JavaScript on Node', () => {
  test.each([
    ['by its first line', NODE, '/b/claude'],
    ['by a first line with options', '#!/usr/bin/env -S node --no-warnings\n', '/b/claude'],
    ['by a first line with a path', '#!/usr/local/bin/node\n', '/b/claude'],
    ['by its ending', 'import "x";', '/b/cli.js'],
    ['as a module', 'import "x";', '/b/cli.mjs'],
    ['as CommonJS', 'require("x");', '/b/cli.cjs'],
  ])('%s', (_name, text, path) => {
    expect(only(text, path)).toEqual({ kind: 'node', file: path, version: undefined });
  });

  test.each([
    ['a shell’s', SCRIPT],
    ['one that names node further down', '#!/bin/sh\nnode x.js\n'],
    ['an empty one', ''],
  ])('%s is a script', (_name, text) => {
    expect(only(text).kind).toBe('script');
  });

  test('what Node starts in a newer package is a script: it only starts the native one', () => {
    const of = (version: string) =>
      at(`${PACKAGE}/cli.js`, { [`${PACKAGE}/cli.js`]: NODE, [`${PACKAGE}/package.json`]: packageOf(version) });
    expect(of('2.1.112')).toMatchObject({ kind: 'node', version: '2.1.112' });
    expect(of('2.1.113')).toMatchObject({ kind: 'script', version: '2.1.113' });
    expect(of('1.0.17')).toMatchObject({ kind: 'node' });
  });
});

describe('the version', () => {
  const exe = `${PACKAGE}/bin/claude.exe`;

  test.each<[string, Record<string, string>, string | undefined]>([
    ['of the package around it', { [`${PACKAGE}/bin/package.json`]: packageOf('2.1.200') }, '2.1.200'],
    ['of the package one above', { [`${PACKAGE}/package.json`]: packageOf('2.1.200') }, '2.1.200'],
    [
      'of its platform’s package',
      { [`${PACKAGE}/package.json`]: packageOf('2.1.200', '@anthropic-ai/claude-code-linux-x64') },
      '2.1.200',
    ],
    ['not of one further up', { '/n/@anthropic-ai/package.json': packageOf('2.1.200') }, undefined],
    ['not of another package', { [`${PACKAGE}/package.json`]: packageOf('2.1.200', 'left-pad') }, undefined],
    ['not of a broken package', { [`${PACKAGE}/package.json`]: '{"name": "@anthropic-ai/cl' }, undefined],
    ['not where there is none', { [`${PACKAGE}/package.json`]: packageOf(2) }, undefined],
    [
      'past another package',
      { [`${PACKAGE}/bin/package.json`]: '{"type":"module"}', [`${PACKAGE}/package.json`]: packageOf('2.1.200') },
      '2.1.200',
    ],
  ])('%s', (_name, files, version) => {
    expect(at(exe, { [exe]: ELF, ...files })).toEqual({ kind: 'native', file: exe, version });
  });

  test('of the native installer’s file', () => {
    const file = '/h/.local/share/claude/versions/2.1.329';
    expect(only(ELF, file)).toEqual({ kind: 'native', file, version: '2.1.329' });
  });
});

test('the placeholder of a package whose install script did not run is incomplete', () => {
  const file = `${PACKAGE}/bin/claude.exe`;
  const text = '#!/bin/sh\necho "Error: claude native binary not installed." >&2\nexit 1\n';
  expect(at(file, { [file]: text, [`${PACKAGE}/package.json`]: packageOf('2.1.329') })).toEqual({
    kind: 'incomplete',
    file,
    version: '2.1.329',
  });
});

describe('a script that runs devctl claude is ours', () => {
  test.each([
    'exec devctl claude "$@"',
    'devctl claude --profile airbag "$@"',
    'exec "/x/bin/devctl" claude "$@"',
    'exec node \'/x/bin/devctl.js\' claude -- "$@"',
    'exec /x/bin/devctl.js claude "$@"',
  ])('%s', (line) => {
    expect(only(`#!/bin/sh\n${line}\n`).kind).toBe('ours');
  });

  test.each([
    'exec devctl start',
    'exec mydevctl claude',
    'exec devctl claudette',
    'exec devctl-claude "$@"',
    '# devctl, claude',
  ])('not with %s', (line) => {
    expect(only(`#!/bin/sh\n${line}\n`).kind).toBe('script');
  });
});

describe('a script that only passes on', () => {
  const to = (line: string, files: Record<string, string | Buffer> = { '/a/cli.js': NODE }) =>
    at('/b/claude', { '/b/claude': `#!/bin/bash\n${line}\n`, ...files });

  test.each(['exec "/a/cli.js" "$@"', 'exec \'/a/cli.js\' "$@"', 'exec /a/cli.js "$@"', '  exec "/a/cli.js"  "$@"  '])(
    'is what it passes on to: %s',
    (line) => {
      expect(to(line)).toEqual({ kind: 'node', file: '/a/cli.js', version: undefined });
    },
  );

  test('with the version of what it passes on to', () => {
    const files = { [`${PACKAGE}/cli.js`]: NODE, [`${PACKAGE}/package.json`]: packageOf('2.1.50') };
    expect(to(`exec "${PACKAGE}/cli.js" "$@"`, files)).toEqual({ kind: 'node', file: `${PACKAGE}/cli.js`, version: '2.1.50' });
  });

  test('through another one, also to one of ours', () => {
    const second = (line: string) => ({ '/c/claude': `#!/bin/sh\n${line}\n`, '/a/claude': ELF });
    expect(to('exec "/c/claude" "$@"', second('exec "/a/claude" "$@"'))).toMatchObject({ kind: 'native', file: '/a/claude' });
    expect(to('exec "/c/claude" "$@"', second('exec devctl claude "$@"'))).toMatchObject({ kind: 'ours', file: '/c/claude' });
  });

  test.each([
    ['to where nothing is', 'exec "/nowhere/claude" "$@"'],
    ['to a variable', 'exec "$HOME/cli.js" "$@"'],
    ['to a path that depends on the folder', 'exec "a/cli.js" "$@"'],
    ['other words', 'exec "/a/cli.js" --verbose "$@"'],
    ['no words', 'exec "/a/cli.js"'],
    ['in a comment', '# exec "/a/cli.js" "$@"'],
  ])('not %s', (_name, line) => {
    expect(to(line)).toMatchObject({ kind: 'script', file: '/b/claude' });
  });

  test('in a circle it ends', () => {
    expect(to('exec "/b/claude" "$@"').kind).toBe('script');
    expect(to('exec "/c/claude" "$@"', { '/c/claude': 'exec "/b/claude" "$@"' }).kind).toBe('script');
  });
});

describe('versions', () => {
  test.each<[string, string | undefined]>([
    ['2.1.329 (Claude Code)', '2.1.329'],
    ['2.1.329', '2.1.329'],
    ['2.1.329\n', '2.1.329'],
    ['2.1.329-beta.1', '2.1.329'],
    ['v2.1.329', undefined],
    ['claude 2.1.329', undefined],
    ['2.1', undefined],
    ['2.1.329.4', undefined],
    ['', undefined],
  ])('%j', (text, version) => {
    expect(parseVersion(text)).toBe(version);
  });

  test.each([
    ['2.1.9', '2.1.10'],
    ['2.9.0', '2.10.0'],
    ['1.99.99', '2.0.0'],
  ])('%s comes before %s', (one, other) => {
    expect(compareVersions(one, other)).toBeLessThan(0);
    expect(isAtLeast(one, other)).toBe(false);
    expect(isAtLeast(other, one)).toBe(true);
  });

  test('every one is where its numbers are', () => {
    const numbers = fc.tuple(fc.nat({ max: 9999 }), fc.nat({ max: 9999 }), fc.nat({ max: 9999 }));
    const weight = ([major, minor, patch]: [number, number, number]) => (major * 10_000 + minor) * 10_000 + patch;
    fc.assert(
      fc.property(numbers, numbers, (one, other) => {
        const sign = Math.sign(compareVersions(one.join('.'), other.join('.')));
        expect(sign).toBe(Math.sign(weight(one) - weight(other)));
        expect(isAtLeast(one.join('.'), one.join('.'))).toBe(true);
      }),
    );
  });

  test('from 2.1.113 on they are machine programs', () => {
    expect(['2.1.112', '2.1.113', '2.1.114', '3.0.0', '1.0.200'].map(isNativeVersion)).toEqual([false, true, true, true, false]);
  });
});
