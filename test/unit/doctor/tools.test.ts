import { expect, test } from 'vitest';
import { isTmuxNewEnough } from '../../../src/doctor/tools.ts';

test.each([
  ['tmux 3.3a', true],
  ['tmux 3.2a', true],
  ['tmux 3.4', true],
  ['tmux 3.10', true],
  ['tmux 4.0', true],
  ['tmux next-3.5', true],
  ['tmux master', true],
  ['tmux openbsd-7.4', true],
  ['tmux 3.2', false],
  ['tmux 3.1c', false],
  ['tmux 2.9', false],
  ['tmux 1.8', false],
])('%s', (version, expected) => {
  expect(isTmuxNewEnough(version)).toBe(expected);
});
