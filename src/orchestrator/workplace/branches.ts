import type { Git } from './git.ts';

/** A branch that a task has left. */
export interface Branch {
  task: string;
  branch: string;
  commits: number;
  files: string[];
  /** Branches of other tasks that it cannot be merged with; `unknown` where git is too old to tell. */
  conflictsWith: string[] | 'unknown';
}

/** Of the branches in a repository: what is on them, and which of them are at odds with each other. */
export async function surveyBranches(git: Git, folder: string, made: { task: string; branch: string }[]): Promise<Branch[]> {
  const branches: Branch[] = [];
  for (const { task, branch } of made) {
    const commits = await git(folder, 'rev-list', '--count', `HEAD..${branch}`);
    const files = await git(folder, 'diff', '--name-only', `HEAD...${branch}`);
    // Somebody has removed it meanwhile.
    if (!commits.ok || !files.ok) continue;
    branches.push({
      task,
      branch,
      commits: Number(commits.value),
      files: files.value.split('\n').filter(Boolean),
      conflictsWith: [],
    });
  }
  for (const [index, one] of branches.entries())
    for (const other of branches.slice(index + 1)) {
      // Those that touch no file in common cannot be at odds.
      if (!one.files.some((file) => other.files.includes(file))) continue;
      const verdict = await merge(git, folder, one.branch, other.branch);
      note(one, other.branch, verdict);
      note(other, one.branch, verdict);
    }
  return branches;
}

/** Tried without touching anything. Source: git-merge-tree(1), since git 2.38. */
async function merge(git: Git, folder: string, one: string, other: string): Promise<'clean' | 'conflict' | 'unknown'> {
  const tried = await git(folder, 'merge-tree', '--write-tree', '--name-only', one, other);
  if (tried.ok) return 'clean';
  return /usage|unknown|unrecognized|not a valid/i.test(tried.failure) ? 'unknown' : 'conflict';
}

function note(branch: Branch, other: string, verdict: 'clean' | 'conflict' | 'unknown'): void {
  if (verdict === 'unknown') branch.conflictsWith = 'unknown';
  else if (verdict === 'conflict' && branch.conflictsWith !== 'unknown') branch.conflictsWith.push(other);
}
