import { describe, expect, test } from 'vitest';
import { branchOf, findCheckout } from '../../../src/project/git.ts';
import { memoryFiles } from '../fakes/memory-files.ts';

const branch = (texts: Record<string, string>, folder: string): string | undefined => {
  const files = memoryFiles(texts);
  const checkout = findCheckout(files, folder);
  return checkout && branchOf(files, checkout);
};

describe('the branch that is checked out, without asking git', () => {
  test.each<[string, Record<string, string>, string | undefined]>([
    ['of a folder of the checkout', { '/r/.git/HEAD': 'ref: refs/heads/feature/x\n' }, 'feature/x'],
    ['a commit that is on none', { '/r/.git/HEAD': '0123456789abcdef\n' }, '01234567'],
    ['of a worktree', { '/r/.git': 'gitdir: /m/.git/worktrees/r\n', '/m/.git/worktrees/r/HEAD': 'ref: refs/heads/y\n' }, 'y'],
    ['none without git', { '/r/x': '' }, undefined],
    ['none where .git is no pointer', { '/r/.git': 'nonsense' }, undefined],
  ])('%s', (_name, texts, expected) => {
    expect(branch({ '/r/sub/x': '', ...texts }, '/r/sub')).toBe(expected);
  });
});
