import { describe, expect, test } from 'vitest';
import type { Claude } from '../../../src/claude/install/find.ts';
import { bypassFlag } from '../../../src/claude/launch/bypass.ts';
import { examineClaude, type Examined } from '../../../src/claude/launch/examine.ts';
import { bugsOf } from '../../../src/claude/launch/known-bugs.ts';
import type { LaunchPlan } from '../../../src/claude/launch/plan.ts';
import { chooseProfile, profileNames } from '../../../src/claude/launch/profile.ts';

const MB = 2 ** 20;
const NATIVE: Claude = { path: '/h/bin/claude', file: '/h/versions/2.1.329', kind: 'native', version: '2.1.329', source: 'PATH' };
const NODE: Claude = { path: '/n/bin/claude', file: '/n/bin/claude', kind: 'node', version: '2.1.112', source: 'PATH' };
const PLAN: LaunchPlan = { file: '/h/bin/claude', args: [], settings: [], does: [], leaves: [] };

describe('a profile', () => {
  test('without a name limits processes only', () => {
    expect(chooseProfile(undefined, {})).toEqual({ maxProcesses: 200 });
    expect(chooseProfile(undefined, { maxProcesses: 30, profiles: { own: { jobs: 2 } } })).toEqual({ maxProcesses: 30 });
    expect(chooseProfile(undefined, { maxProcesses: 0 })).toEqual({ maxProcesses: 0 });
  });

  test.each([
    ['yolt', { maxProcesses: 200, jobs: 4, nice: 10, toolMemoryBytes: 4096 * MB }],
    ['seatbelt', { maxProcesses: 50, jobs: 2, nice: 12, toolMemoryBytes: 3072 * MB, toolCalls: 5, subagents: 5 }],
    ['airbag', { maxProcesses: 20, jobs: 1, nice: 15, toolMemoryBytes: 2048 * MB, toolCalls: 2, subagents: 2 }],
  ])('%s', (name, profile) => {
    expect(chooseProfile(name, {})).toEqual(profile);
    expect(chooseProfile(name, { maxProcesses: 7 })).toEqual(profile);
  });

  test('of devctl.yml lies over one of that name, number by number', () => {
    const settings = { maxProcesses: 7, profiles: { airbag: { jobs: 3, maxProcesses: 9 }, own: { nice: 1 } } };
    expect(chooseProfile('airbag', settings)).toEqual({ ...chooseProfile('airbag', {}), jobs: 3, maxProcesses: 9 });
    expect(chooseProfile('own', settings)).toEqual({ nice: 1, maxProcesses: 7 });
  });

  test('that nobody knows is none, and the names are told', () => {
    expect(chooseProfile('turbo', {})).toBeUndefined();
    expect(profileNames({ profiles: { own: {}, yolt: {} } })).toEqual(['yolt', 'seatbelt', 'airbag', 'own']);
  });
});

describe('the bugs of a version', () => {
  const says = (version: string | undefined) => bugsOf(version).map((bug) => bug.says);

  test.each([
    ['hangs the call', '2.1.7', '2.1.8'],
    ['heap out of memory', '2.1.112', '2.1.113'],
    ['for ever after its result', '2.1.162', '2.1.163'],
    ['SIGTERM leaves', '2.1.211', '2.1.212'],
  ])('%s: up to %s', (text, last, next) => {
    expect(says(last).join()).toContain(text);
    expect(says(next).join()).not.toContain(text);
  });

  test('of an unknown one are those that all have', () => {
    expect(says(undefined)).toEqual(says('99.0.0'));
    expect(bugsOf(undefined).map(({ until }) => until)).toEqual([undefined, undefined]);
  });
});

describe('the doctor', () => {
  const examine = (over: Partial<Examined> = {}) =>
    examineClaude({
      claude: NATIVE,
      plan: PLAN,
      ceiling: { kind: 'none', why: 'x' },
      login: 'an API key',
      hasFuse: true,
      ...over,
    });
  const verdict = (name: string, over: Partial<Examined> = {}) => examine(over).find((finding) => finding.name === name);

  test('names what it found, and what runs in the end where that is another file', () => {
    expect(verdict('claude')?.says).toBe('/h/bin/claude (PATH), a machine program: /h/versions/2.1.329');
    expect(verdict('claude', { claude: NODE })?.says).toBe('/n/bin/claude (PATH), JavaScript on Node');
  });

  test.each<[string, Partial<Examined>, string, string]>([
    ['a version', {}, 'version', 'ok'],
    ['no version', { claude: { ...NODE, version: undefined } }, 'version', 'warn'],
    ['a login', {}, 'login', 'ok'],
    ['no login', { login: undefined }, 'login', 'warn'],
    ['no ceiling', {}, 'memory', 'warn'],
    ['a ceiling', { ceiling: { kind: 'group', bytes: 1 } }, 'memory', 'ok'],
    ['a fuse', {}, 'fuse', 'ok'],
    ['no fuse', { hasFuse: false }, 'fuse', 'warn'],
  ])('%s', (_name, over, name, expected) => {
    expect(verdict(name, over)?.verdict).toBe(expected);
  });

  test('tells of the environment and of the bugs of the version', () => {
    expect(verdict('environment', { plan: { ...PLAN, leaves: ['your V8_FLAGS'] } })).toMatchObject({
      verdict: 'warn',
      says: 'your V8_FLAGS',
    });
    expect(verdict('environment')).toBeUndefined();
    expect(verdict('known bug', { claude: NODE })?.verdict).toBe('warn');
    expect(verdict('known bug')).toBeUndefined();
    expect(examine().filter(({ name }) => name === 'to know')).toHaveLength(2);
  });
});

describe('the flag that lets every tool run', () => {
  test.each([
    [['-p', 'x', '--dangerously-skip-permissions'], '--dangerously-skip-permissions'],
    [['--permission-mode', 'bypassPermissions', '-p'], '--permission-mode bypassPermissions'],
    [['--permission-mode=bypassPermissions'], '--permission-mode=bypassPermissions'],
    [['--permission-mode', 'plan', '--dangerously-skip-permissions'], '--dangerously-skip-permissions'],
    [['--permission-mode', 'plan'], undefined],
    [['--permission-mode'], undefined],
    [['-p', 'bypassPermissions'], undefined],
    [['--allow-dangerously-skip-permissions'], undefined],
    [[], undefined],
  ])('%j: %s', (args, flag) => {
    expect(bypassFlag(args)).toBe(flag);
  });
});
