import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExitFile, probableSignal, type ExitFile } from '../../../src/services/exit-file.ts';

/** As keeper.sh prints it. */
const print = ({ run, code, seconds, restarts, state }: ExitFile) =>
  `run=${run}\ncode=${String(code)}\nseconds=${String(seconds)}\nrestarts=${String(restarts)}\nstate=${state}\n`;

describe('an exit file', () => {
  test('what the keeper wrote is read back', () => {
    const file = fc.record({
      run: fc.stringMatching(/^[0-9T]{0,15}-[0-9a-f]{0,4}$/),
      code: fc.integer({ min: 0, max: 255 }),
      seconds: fc.nat(),
      restarts: fc.nat({ max: 6 }),
      state: fc.constantFrom<ExitFile['state']>('running', 'company', 'backoff', 'gave-up', 'ended'),
    });
    fc.assert(
      fc.property(file, (written) => {
        expect(parseExitFile(print(written))).toEqual(written);
      }),
    );
  });

  test('a run that has just been begun again has no seconds yet', () => {
    expect(parseExitFile('run=a\ncode=1\nseconds=\nrestarts=1\nstate=running\n')).toMatchObject({ seconds: 0, restarts: 1 });
  });

  test.each([
    '',
    '\n',
    'code=1',
    'state=ended',
    'code=\nstate=ended\n',
    'code=x\nstate=ended\n',
    'code=1.5\nstate=ended\n',
    'code=1\nstate=',
    'code=1\nstate=asleep\n',
    'run=a\ncode=0\nseconds=1\nrestarts=0\nsta',
    '{"code":0,"state":"ended"}',
    '\0\0\0',
  ])('%j is none', (text) => {
    expect(parseExitFile(text)).toBeUndefined();
  });

  test('any cut of it is none, or the whole truth', () => {
    const whole: ExitFile = { run: 'r', code: 143, seconds: 12, restarts: 3, state: 'gave-up' };
    const text = print(whole);
    for (let end = 0; end <= text.length; end += 1) {
      const read = parseExitFile(text.slice(0, end));
      if (read) expect(read).toEqual(whole);
    }
  });

  test('no text at all makes it throw', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
        (text) => {
          expect(() => parseExitFile(text)).not.toThrow();
        },
      ),
    );
  });
});

test.each<[number, string | undefined]>([
  [0, undefined],
  [1, undefined],
  [128, undefined],
  [129, 'HUP'],
  [130, 'INT'],
  [134, 'ABRT'],
  [137, 'KILL'],
  [139, 'SEGV'],
  [141, 'PIPE'],
  [143, 'TERM'],
  [255, undefined],
])('code %i: probably %s', (code, signal) => {
  expect(probableSignal(code)).toBe(signal);
});
