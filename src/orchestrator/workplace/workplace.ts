import { isAbsolute, join, resolve } from 'node:path';
import type { Machine } from '../../machine/machine.ts';
import { fail, ok, type Result } from '../../result.ts';
import type { AttemptRequest } from '../executors/executor.ts';
import type { Worktrees } from './worktrees.ts';

/** Where an attempt works. */
export interface Workplace {
  cwd: string;
  /** What is left of it when the attempt is over. */
  finish: (how: 'done' | 'failed') => Promise<Left>;
}

/** The branch that an attempt's work is on, or the work itself, for another machine. */
export interface Left {
  branch?: string;
  /** In base64. */
  patch?: string;
}

/** Finds the place of an attempt, or says why there is none. */
export type FindWorkplace = (request: AttemptRequest) => Promise<Result<Workplace, NoWorkplace>>;

/** `passes`: another time it may be there. */
export interface NoWorkplace {
  why: string;
  passes: boolean;
}

export const noWorkplace = (why: string, { passes = false } = {}): NoWorkplace => ({ why, passes });

/** On the hub's own machine: the folder where it was typed, or a git worktree below the outputs. */
export function localWorkplaces({ files }: Pick<Machine, 'files'>, base: string, worktrees: Worktrees): FindWorkplace {
  return async ({ task, run }) => {
    const folder = resolve(base, task.cwd ?? '.');
    if (!task.worktree) return inFolder(files, folder);
    const made = await worktrees.open({ run, id: task.id, from: base, ref: task.ref ?? 'HEAD' });
    if (!made.ok) return fail(noWorkplace(made.failure));
    const { top, finish } = made.value;
    if (task.cwd !== undefined && isAbsolute(task.cwd))
      return fail(noWorkplace(`cwd ${task.cwd} is no folder of a worktree: name it from the repository’s top`));
    const inside = inFolder(files, join(top, task.cwd ?? '.'));
    if (!inside.ok) return inside;
    return ok({
      ...inside.value,
      finish: async (how) => {
        const branch = await finish(how);
        return branch === undefined ? {} : { branch };
      },
    });
  };
}

export function inFolder(files: Machine['files'], cwd: string): Result<Workplace, NoWorkplace> {
  return files.stat(cwd)?.kind === 'folder'
    ? ok({ cwd, finish: () => Promise.resolve({}) })
    : fail(noWorkplace(`there is no folder ${cwd}`));
}
