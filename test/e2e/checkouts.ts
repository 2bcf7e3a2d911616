import { expect } from 'vitest';
import { canBind } from '../support/free-ports.ts';
import { Rig } from '../support/rig.ts';

const GIT = 'git -c init.defaultBranch=main -c user.name=t -c user.email=t@example.invalid';

/** A base above which every port is free, below those that the kernel gives to clients and those of other suites. */
export async function freeBase(span: number): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const base = 11_000 + 10 * Math.floor(Math.random() * 800);
    const ports = Array.from({ length: span }, (_, index) => base + index);
    if ((await Promise.all(ports.map(canBind))).every(Boolean)) return base;
  }
  throw new Error('no free base');
}

/** A repository with these files in its first commit. */
export async function repository(files: Record<string, string>): Promise<Rig> {
  const rig = Rig.create(files);
  const made = await rig.sh(`${GIT} init -q && git add -A && ${GIT} commit -qm one`);
  expect(made.code, made.stderr).toBe(0);
  return rig;
}

export async function worktree(rig: Rig, name: string, words = `-b ${name}`): Promise<string> {
  const folder = rig.addProject(name, {});
  const made = await rig.sh(`git worktree add -q ${words} ${folder}`);
  expect(made.code, made.stderr).toBe(0);
  return folder;
}
