import { expect } from 'vitest';
import { DEVCTL, type Ran, type Rig, type RunOptions } from '../support/rig.ts';

interface FailureDocument {
  schema: string;
  ok: boolean;
  failure: { code: string; what: string; why: string; fix: string[] };
}

export interface Refusal {
  /** The exit code of the table. */
  exit: number;
  code: string;
  /** What the message must name. */
  says: (string | RegExp)[];
}

export type Run = (words: string[], options?: RunOptions) => Promise<Ran>;

export const runWith =
  (rig: Rig): Run =>
  (words, options) =>
    rig.exec('node', [DEVCTL, ...words], options);

/** "error: what / why / fix", no stack, the exit code, and nothing begun; and the same as one JSON document. */
export async function expectRefusal(
  rig: Rig,
  run: Run,
  words: string[],
  refusal: Refusal,
  options: RunOptions = {},
): Promise<void> {
  const before = rig.leftovers().map(({ pid }) => pid);
  const refused = await run(words, options);
  expect(refused, rig.history).toMatchObject({ code: refusal.exit, stdout: '' });
  expectMessage(refused.stderr, refusal);
  expect(rig.leftovers().map(({ pid }) => pid)).toEqual(before);

  if (words[0] === 'attach' || words[0] === 'run') return;
  const [verb = '', ...rest] = words;
  const told = await run([verb, '--json', ...rest], options);
  expect(told, rig.history).toMatchObject({ code: refusal.exit, stderr: '' });
  expect(told.stdout.trim().split('\n')).toHaveLength(1);
  const document = JSON.parse(told.stdout) as FailureDocument;
  expect(document).toMatchObject({ schema: 'devctl.failure/1', ok: false, failure: { code: refusal.code } });
  expect(document.failure.what).not.toBe('');
  expect(document.failure.fix).not.toEqual([]);
  expect(rig.leftovers().map(({ pid }) => pid)).toEqual(before);
}

export function expectMessage(text: string, { says }: Refusal): void {
  const [first = '', ...rest] = text.trimEnd().split('\n');
  expect(text).not.toMatch(/^ {4}at /m);
  expect(first).toMatch(/^error: \S/);
  for (const line of rest) expect(line).toMatch(/^ {2}(?:why|fix| {3}) {2}/);
  expect(text).toMatch(/^ {2}fix {2}\S/m);
  for (const words of says) {
    if (typeof words === 'string') expect(text).toContain(words);
    else expect(text).toMatch(words);
  }
}
