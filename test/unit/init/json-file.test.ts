import fc from 'fast-check';
import { findNodeAtLocation, parse, parseTree } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { JsonFile, ShapeError } from '../../../src/init/json-file.ts';
import { putSettings, takeSettings } from '../../../src/init/settings-edit.ts';

const TOOLS = { findNodeAtLocation, parse, parseTree };

function open(text: string): JsonFile {
  const file = JsonFile.open('settings.json', text, TOOLS);
  if (!file.ok) throw new Error(file.failure.what);
  return file.value;
}

const TEXTS: [string, string][] = [
  ['two blanks', '{\n  "a": 1,\n  "permissions": {\n    "allow": ["Bash(ls:*)"]\n  }\n}\n'],
  ['tabs', '{\n\t"hooks": {\n\t\t"Stop": []\n\t},\n\t"x": true\n}'],
  ['CRLF', '{\r\n  "a": {\r\n    "b": [\r\n      1,\r\n      2\r\n    ]\r\n  }\r\n}\r\n'],
  ['a byte order mark', '\uFEFF{\n  "a": 1\n}\n'],
  ['one line', '{"a": 1, "permissions": {"deny": ["x"]}}'],
  ['blank lines and odd order', '{\n\n  "z" : 1 ,\n\n  "a":[ 1 ,2 ]\n\n}\n\n'],
];

describe('a file that is changed key by key', () => {
  test.each(TEXTS)('%s: what is put in is there, and what is taken out again leaves not a byte', (_name, text) => {
    const file = open(text);
    putSettings(file, 'global');
    const put = JSON.parse(file.text.replace('\uFEFF', '')) as {
      hooks: Record<string, unknown>;
      permissions: { allow: string[] };
    };
    expect(Object.keys(put.hooks)).toEqual(expect.arrayContaining(['PreToolUse', 'SessionStart', 'SessionEnd']));
    expect(put.permissions.allow).toContain('Bash(devctl:*)');
    const twice = open(file.text);
    putSettings(twice, 'global');
    expect(twice.text).toBe(file.text);
    takeSettings(file, undefined);
    expect(file.text).toBe(text);
  });

  test('any JSON object, written in any of the usual ways', () => {
    const indents = fc.constantFrom(undefined, 2, 4, '\t');
    const values = fc.dictionary(fc.stringMatching(/^[a-zA-Z]{1,8}$/), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 });
    fc.assert(
      fc.property(values, indents, (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        const file = open(text);
        file.set(['devctl', 'x'], { y: [1, 2] });
        file.append(['devctl', 'list'], 'one');
        file.append(['devctl', 'list'], 'two');
        expect(JSON.parse(file.text)).toEqual({
          ...(JSON.parse(text) as object),
          devctl: { x: { y: [1, 2] }, list: ['one', 'two'] },
        });
        file.remove(['devctl']);
        expect(file.text).toBe(text);
      }),
    );
  });

  test('the hooks of others stay where they are', () => {
    const theirs = { matcher: 'Bash', hooks: [{ type: 'command', command: 'lint' }] };
    const file = open(JSON.stringify({ hooks: { PreToolUse: [theirs] } }, undefined, 2));
    putSettings(file, 'local');
    expect(file.list(['hooks', 'PreToolUse'])).toHaveLength(2);
    expect(file.list(['hooks', 'PreToolUse'])[0]).toEqual(theirs);
    takeSettings(file, undefined);
    expect(JSON.parse(file.text)).toEqual({ hooks: { PreToolUse: [theirs] } });
  });

  test('a hook of ours that calls devctl in another way is changed, not doubled', () => {
    const file = open('{}');
    putSettings(file, 'global');
    putSettings(file, 'local');
    expect(file.list(['hooks', 'PreToolUse'])).toHaveLength(1);
    expect(file.text).toContain('node_modules/.bin/devctl hook pre-tool-use || true');
  });
});

describe('a value of another kind in the way', () => {
  test.each([
    '{"hooks": null}',
    '{"hooks": []}',
    '{"hooks": {"PreToolUse": {}}}',
    '{\n  "permissions": "none"\n}',
    '{"permissions": {"allow": "x"}}',
  ])('%j is told, and nothing is broken', (text) => {
    const file = open(text);
    expect(() => {
      putSettings(file, 'global');
    }).toThrow(ShapeError);
  });
});

describe('what was there before is not taken out', () => {
  test('rules and hooks in the very words of init', () => {
    const before = '{"permissions": {"deny": ["Bash(pkill:*)"]}, "enabledMcpjsonServers": []}';
    const file = open(before);
    putSettings(file, 'global');
    takeSettings(file, open(before));
    expect(file.text).toBe(before);
  });

  test('a hook that runs ours among others', () => {
    const own = {
      hooks: { SessionStart: [{ hooks: [{ type: 'command', command: './mine.sh; devctl hook session-start; ./other.sh' }] }] },
    };
    const file = open(JSON.stringify(own));
    putSettings(file, 'global');
    expect(file.get(['hooks', 'SessionStart'])).toEqual(own.hooks.SessionStart);
    takeSettings(file, undefined);
    expect(JSON.parse(file.text)).toEqual(own);
  });
});

describe('what is not strict JSON is refused, with its place', () => {
  test.each([
    ['{\n  // a comment\n  "a": 1\n}', 2],
    ['{\n  "a": 1,\n}', 3],
    ['{"a": 1', 1],
    ['[]', 1],
    ['nonsense', 1],
  ])('%j', (text, line) => {
    const file = JsonFile.open('settings.json', text, TOOLS);
    expect(file.ok ? undefined : file.failure.place.line).toBe(line);
  });
});
