import { expect, test } from 'vitest';
import { mend } from '../../../src/validate/mend.ts';

/** What is mended of `let a;` on a disk of some files, and what is there then. */
function mended(disk: Record<string, string>, isCode: (path: string, text: string) => boolean) {
  const files = {
    realpath: (path: string) => (path.includes('link') ? '/elsewhere' : path),
    readText: (path: string) => disk[path],
    writeShared: (path: string, text: string) => {
      disk[path] = text;
    },
  };
  const rewrites = [{ from: 0, to: 3, text: 'const' }];
  const fixes = Object.keys(disk).map((path) => ({ file: path.slice('/p/'.length), text: 'let a;\n', rewrites }));
  return mend(files, '/p', fixes, isCode);
}

test('what somebody has written meanwhile stands', () => {
  const disk = { '/p/a.ts': 'let a;\n', '/p/b.ts': 'somebody’s\n' };
  expect(mended(disk, () => true)).toEqual({ count: 1, overtaken: 1, left: [] });
  expect(disk).toEqual({ '/p/a.ts': 'const a;\n', '/p/b.ts': 'somebody’s\n' });
});

test('what lies elsewhere, and what would no longer be code, stays', () => {
  const disk = { '/p/link.ts': 'let a;\n', '/p/b.ts': 'let a;\n' };
  expect(mended(disk, (_, text) => text.startsWith('let'))).toEqual({ count: 0, overtaken: 0, left: ['link.ts', 'b.ts'] });
  expect(disk).toEqual({ '/p/link.ts': 'let a;\n', '/p/b.ts': 'let a;\n' });
});
