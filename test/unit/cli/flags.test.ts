import { describe, expect, test } from 'vitest';
import {
  flagCount,
  flagDuration,
  flagList,
  flagSet,
  flagText,
  parseDuration,
  parseFormation,
  parseMode,
} from '../../../src/cli/flags.ts';
import { failureOf, valueOf } from '../fakes/expect-ok.ts';

describe('durations', () => {
  test.each<[string, number]>([
    ['30', 30_000],
    ['30s', 30_000],
    ['500ms', 500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1.5s', 1500],
    ['0', 0],
    ['0s', 0],
  ])('%s is %i ms', (text, ms) => {
    expect(valueOf(parseDuration(text, '--for'))).toBe(ms);
  });

  test.each(['', 's', '-1', '1d', '1 s', '1e3', 'soon', '1m30s', '.5s', '0x10', 'Infinity'])('"%s" is none', (text) => {
    expect(failureOf(parseDuration(text, '--for'))).toEqual({
      code: 'USAGE',
      what: `--for "${text}" is not a duration`,
      fix: ['--for 30s'],
    });
  });

  test('a flag that was not given is none', () => {
    expect(valueOf(flagDuration({}, 'timeout', '--timeout'))).toBeUndefined();
    expect(valueOf(flagDuration({ timeout: '2s' }, 'timeout', '--timeout'))).toBe(2000);
    expect(failureOf(flagDuration({ timeout: 'x' }, 'timeout', '--timeout')).code).toBe('USAGE');
  });
});

describe('counts', () => {
  test.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ['0', 0],
    ['100', 100],
  ])('%s is %s', (text, count) => {
    expect(valueOf(flagCount({ lines: text }, 'lines', '-n'))).toBe(count);
  });

  test.each(['', '-1', '1.5', 'all', ' 1'])('"%s" is none', (text) => {
    expect(failureOf(flagCount({ lines: text }, 'lines', '-n')).code).toBe('USAGE');
  });

  test('less than the least is none', () => {
    expect(failureOf(flagCount({ lines: '0' }, 'lines', '-n', 1)).code).toBe('USAGE');
    expect(valueOf(flagCount({ lines: '1' }, 'lines', '-n', 1))).toBe(1);
  });
});

describe('words', () => {
  test.each<[unknown, string[]]>([
    [undefined, []],
    [true, []],
    ['', []],
    ['web', ['web']],
    ['web,worker', ['web', 'worker']],
    [' web , ,worker,', ['web', 'worker']],
    [
      ['web', 'css,worker'],
      ['web', 'css', 'worker'],
    ],
  ])('%j is %j', (value, words) => {
    expect(flagList({ except: value }, 'except')).toEqual(words);
  });

  test('a text and a switch are told apart', () => {
    expect(flagText({ a: 'x' }, 'a')).toBe('x');
    expect(flagText({ a: true }, 'a')).toBeUndefined();
    expect(flagSet({ a: true }, 'a')).toBe(true);
    expect(flagSet({ a: 'true' }, 'a')).toBe(false);
    expect(flagSet({}, 'a')).toBe(false);
  });
});

describe('formation', () => {
  test.each<[string[], Record<string, number>]>([
    [[], {}],
    [['web=2'], { web: 2 }],
    [['web=2', 'back_end-1=0', 'all=1'], { web: 2, 'back_end-1': 0, all: 1 }],
    [['web=2', 'web=3'], { web: 3 }],
  ])('%j', (parts, formation) => {
    expect(valueOf(parseFormation(parts))).toEqual(formation);
  });

  test.each(['web', 'web=', '=2', 'web=-1', 'web=x', 'web=1000', 'web=1.5', 'web:2', 'web.1=2', 'a b=1'])(
    '"%s" is none',
    (part) => {
      expect(failureOf(parseFormation(['css=1', part]))).toMatchObject({
        code: 'USAGE',
        what: `-m "${part}" is not SERVICE=NUMBER`,
      });
    },
  );
});

describe('mode', () => {
  test.each<[Record<string, unknown>, Record<string, string>, object]>([
    [{}, {}, { mode: undefined, isExplicit: false }],
    [{}, { DEVCTL_MODE: '' }, { mode: undefined, isExplicit: false }],
    [{}, { DEVCTL_MODE: 'direct' }, { mode: 'direct', isExplicit: false }],
    [{ mode: 'tmux' }, {}, { mode: 'tmux', isExplicit: true }],
    [{ mode: 'tmux' }, { DEVCTL_MODE: 'direct' }, { mode: 'tmux', isExplicit: true }],
  ])('%j and %j: %j', (flags, env, expected) => {
    expect(valueOf(parseMode(flags, env))).toEqual(expected);
  });

  test.each<[Record<string, unknown>, Record<string, string>, string]>([
    [{ mode: 'screen' }, {}, '--mode "screen" is neither tmux nor direct'],
    [{}, { DEVCTL_MODE: 'x' }, 'DEVCTL_MODE "x" is neither tmux nor direct'],
  ])('%j and %j are refused', (flags, env, what) => {
    expect(failureOf(parseMode(flags, env))).toMatchObject({ code: 'USAGE', what });
  });
});
