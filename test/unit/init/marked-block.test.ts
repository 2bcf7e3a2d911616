import { describe, expect, test } from 'vitest';
import { putBlock, takeBlocks } from '../../../src/init/marked-block.ts';

const MARKS = { begin: '<!-- b -->', end: '<!-- e -->' };
const BLOCK = '<!-- b -->\nbody\n<!-- e -->\n';
const put = (text: string) => putBlock('CLAUDE.md', text, MARKS, 'body');
const take = (text: string) => takeBlocks('CLAUDE.md', text, MARKS);

describe('a part between marks', () => {
  test.each(['', '# Notes', '# Notes\n', '# Notes\r\nmore\r\n'])('after %j: put in, and taken out to the byte', (text) => {
    const with_ = put(text);
    expect(with_.ok && with_.value).toContain('body');
    expect(with_.ok && take(with_.value)).toEqual({ ok: true, value: text });
    expect(with_.ok && put(with_.value)).toEqual(with_);
  });

  test('is written anew where it stands', () => {
    expect(put(`before\n\n<!-- b -->\nold\n<!-- e -->\nafter\n`)).toEqual({ ok: true, value: `before\n\n${BLOCK}after\n` });
  });

  test('is taken out everywhere', () => {
    expect(take(`a\n\n${BLOCK}b\n\n${BLOCK}c\n`)).toEqual({ ok: true, value: 'a\nb\nc\n' });
  });

  test('a text that only speaks of the marks has none', () => {
    const text = 'The part between `<!-- b -->` and `<!-- e -->` is made by devctl.\n';
    expect(put(text)).toEqual({ ok: true, value: `${text}\n${BLOCK}` });
    expect(take(text)).toEqual({ ok: true, value: text });
  });

  test.each([
    ['<!-- b -->\nold notes\nIMPORTANT\n', 1],
    [`x\n<!-- b -->\nIMPORTANT\n\n${BLOCK}`, 2],
    ['x\nIMPORTANT\n<!-- e -->\n', 3],
    [`${BLOCK}IMPORTANT\n<!-- e -->`, 5],
  ])('%j: half a pair is told with its line, and nothing is lost', (text, line) => {
    for (const result of [put(text), take(text)]) expect(result.ok ? undefined : result.failure.place.line).toBe(line);
  });
});
