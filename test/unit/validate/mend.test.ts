import { expect, test } from 'vitest';
import { mend } from '../../../src/validate/mend.ts';

test('what somebody has written meanwhile stands', () => {
  const disk = new Map([
    ['/p/a.ts', 'let a;\n'],
    ['/p/b.ts', 'somebody’s\n'],
  ]);
  const files = {
    realpath: (path: string) => path,
    readText: (path: string) => disk.get(path),
    writeShared: (path: string, text: string) => void disk.set(path, text),
  };
  const rewrites = [{ from: 0, to: 3, text: 'const' }];
  const fixes = ['a.ts', 'b.ts'].map((file) => ({ file, text: 'let a;\n', rewrites }));
  expect(mend(files, '/p', fixes)).toEqual({ count: 1, overtaken: 1 });
  expect([...disk.values()]).toEqual(['const a;\n', 'somebody’s\n']);
});
