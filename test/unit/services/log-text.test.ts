import { describe, expect, test } from 'vitest';
import { paneLine, plainLine } from '../../../src/services/log-text.ts';

describe('a line for people', () => {
  test.each<[string, string]>([
    ['plain', 'plain'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b[1;38;5;200mx\u001b[m', 'x'],
    ['\u001b]0;title\u0007x', 'x'],
    ['\u001b]8;;http://a\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u001b[2K\u001b[1Gx', 'x'],
    ['10%\r50%\r100%', '100%'],
    ['done\r', 'done'],
    ['done\r\r', 'done'],
    ['', ''],
  ])('%j becomes %j', (raw, plain) => {
    expect(plainLine(raw)).toBe(plain);
  });

  test('in a pane colours stay', () => {
    expect(paneLine('\u001b[31mred\u001b[0m\r')).toBe('\u001b[31mred\u001b[0m');
  });
});
