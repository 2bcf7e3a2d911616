import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fence } from '../../../src/cli/fence.ts';

const fenced = (line: string) => fence(line.split(' ')).join(' ');

describe('the words of devctl claude', () => {
  test.each([
    ['claude -p hi', 'claude -- -p hi'],
    ['claude --version', 'claude -- --version'],
    ['claude doctor', 'claude -- doctor'],
    ['claude --resume --help', 'claude -- --resume --help'],
    ['claude -p --dry-run', 'claude -- -p --dry-run'],
    ['claude --json', 'claude -- --json'],
    ['claude -d', 'claude -- -d'],
    ['claude --dry-runs', 'claude -- --dry-runs'],
    ['claude fix --profile', 'claude -- fix --profile'],
    ['claude <name> x', 'claude -- <name> x'],
  ])('begin with the first that is not devctl’s own: %s', (line, expected) => {
    expect(fenced(line)).toBe(expected);
  });

  test.each([
    ['claude --dry-run -p hi', 'claude --dry-run -- -p hi'],
    ['claude --profile airbag -p hi', 'claude --profile airbag -- -p hi'],
    ['claude --profile=airbag -p hi', 'claude --profile=airbag -- -p hi'],
    ['claude --profile -p hi', 'claude --profile -p -- hi'],
    ['claude --memory 8GB --end-hung --metrics 9100 hi', 'claude --memory 8GB --end-hung --metrics 9100 -- hi'],
    ['claude --root /app -c', 'claude --root /app -- -c'],
    ['claude --max-processes 5', 'claude --max-processes 5'],
    ['claude --memory', 'claude --memory'],
    ['claude --help', 'claude --help'],
    ['claude -h --model x', 'claude -h -- --model x'],
    ['claude', 'claude'],
  ])('come after devctl’s own options and their values: %s', (line, expected) => {
    expect(fenced(line)).toBe(expected);
  });

  test.each([
    ['--root /app claude -p hi', '--root /app claude -- -p hi'],
    ['--root=/app --json claude -p hi', '--root=/app --json claude -- -p hi'],
    ['--root claude claude status', '--root claude claude -- status'],
  ])('also where options stand before the verb: %s', (line, expected) => {
    expect(fenced(line)).toBe(expected);
  });

  test.each(['claude -- --help', 'claude --dry-run -- -p hi -- x', 'claude --profile airbag --'])(
    'stay as they are behind a fence of the caller’s: %s',
    (line) => {
      expect(fenced(line)).toBe(line);
    },
  );
});

describe('other words stay as they are', () => {
  test.each([
    'start web --timeout 2m',
    'run claude -p hi',
    'run -s web env',
    'complete -- claude -',
    '--root claude status',
    'cleanup --force -x',
    'claudette -p',
    '--version',
    '-x claude -p',
    '-- claude -p',
  ])('%s', (line) => {
    expect(fenced(line)).toBe(line);
  });

  test('also where there are none', () => {
    expect(fence([])).toEqual([]);
    expect(fence(['--root'])).toEqual(['--root']);
    expect(fence([''])).toEqual(['']);
  });
});

describe('whatever the words', () => {
  const OWN = [
    ['--dry-run'],
    ['--doctor'],
    ['--profile', 'own'],
    ['--memory=8GB'],
    ['--metrics', '9100'],
    ['--root', '/a'],
    ['-h'],
  ];
  const own = fc.array(fc.constantFrom(...OWN), { maxLength: 4 }).map((options) => options.flat());
  const stranger = fc.oneof(
    fc.string().filter((word) => word !== '--' && !/^-(?:-(?:dry|doc|pro|mem|met|roo|hel|end|max)|h)/.test(word)),
    fc.constantFrom('-p', '--model', 'claude', '--json', ''),
  );
  const rest = fc.array(fc.oneof(stranger, fc.constantFrom('--', '--help', '--dry-run', '--profile')));

  test('Claude Code’s come behind one fence, all of them, as they are', () => {
    fc.assert(
      fc.property(own, stranger, rest, (options, first, others) => {
        const words = ['claude', ...options, first, ...others];
        expect(fence(words)).toEqual(['claude', ...options, '--', first, ...others]);
        expect(fence(fence(words))).toEqual(fence(words));
      }),
    );
  });

  test('no word is lost, and nothing but one fence comes in', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('claude', 'run', '--', '--root', '--profile', '-p', '--json', '--dry-run'),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const after = fence(words);
        const at = after.findIndex((one, index) => one !== words[index]);
        expect(at < 0 ? after : [...after.slice(0, at), ...after.slice(at + 1)]).toEqual(words);
        if (at >= 0) expect(after[at]).toBe('--');
      }),
    );
  });
});
