import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderSpec } from '../../src/services/spec-file.ts';
import { makeService } from './fakes/services.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        `'`,
        `"`,
        '\\',
        '$',
        '`',
        '$(exit 1)',
        '${A}',
        '\n',
        '\r',
        '\t',
        ' ',
        '!',
        '#',
        '%s',
        ';',
        '&',
        '|',
        '*',
        '~',
        "'\\''",
        '\u001b',
      ),
    )
    .map((parts) => parts.join('')),
);
const value = text.map((raw) => raw.replaceAll('\0', ''));
/** A prefix keeps them clear of what the shell minds: that is for the table of names. */
const name = fc.stringMatching(/^V_[A-Za-z0-9_]{0,6}$/);

interface Sample {
  command: string;
  cwd: string;
  shell: string;
  env: Record<string, string>;
}
const sample: fc.Arbitrary<Sample> = fc.record({
  command: value,
  cwd: value,
  shell: value,
  env: fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true }),
});

/** Prints what a shell holds after it has read the spec, one NUL after each; in a subshell, so that samples stay apart. */
function script({ command, cwd, shell, env }: Sample): string {
  const spec = renderSpec({
    service: makeService({ command, cwd, shell }),
    runId: 'run',
    reset: '',
    env: new Map(Object.entries(env).map(([key, item]) => [key, { value: item }])),
  });
  const words = ['k_cmd', 'k_cwd', 'k_shell', ...Object.keys(env)].map((key) => `"$${key}"`);
  return `(\n${spec}printf '%s\\0' ${words.join(' ')}\n)\n`;
}

test('any command and any values are what /bin/sh holds after it read the spec', () => {
  const samples = fc.sample(sample, 300);
  const done = spawnSync('/bin/sh', ['-s'], { input: samples.map(script).join(''), timeout: 10_000, encoding: 'utf8' });
  expect(done.stderr).toBe('');
  expect(done.status).toBe(0);
  const held = done.stdout.split('\0').slice(0, -1);
  expect(held).toEqual(samples.flatMap(({ command, cwd, shell, env }) => [command, cwd, shell, ...Object.values(env)]));
});
