import { dirname, join, resolve } from 'node:path';
import type { Files } from '../machine/files.ts';
import type { HomeInfo } from '../machine/home.ts';
import { projectId } from './identity.ts';
import { projectPaths, type ProjectPaths } from './paths.ts';

/** A folder with a Procfile. Its real path is its identity, so that each git worktree is a project of its own. */
export interface Project {
  root: string;
  id: string;
  paths: ProjectPaths;
}

export const CONFIG_NAMES: readonly string[] = ['devctl.yml', 'devctl.yaml'];
export const PROCFILE_NAMES: readonly string[] = ['Procfile.dev', 'Procfile'];

export interface LocateRequest {
  cwd: string;
  /** `-f FILE` or its environment variables. */
  file: string | undefined;
}

/**
 * The project of a folder: the nearest one above it with a Procfile or a devctl.yml. A Procfile that was named belongs to
 * that project if it lies in it, and else makes its own folder the project. Without any: the folder itself.
 */
export function locateProject(files: Files, home: HomeInfo, { cwd, file }: LocateRequest): Project {
  const above = findAbove(files, cwd);
  const named = file === undefined ? undefined : dirname(resolve(cwd, file));
  const root = named === undefined ? (above ?? cwd) : above !== undefined && `${named}/`.startsWith(`${above}/`) ? above : named;
  const real = files.realpath(root) ?? root;
  const id = projectId(real);
  return { root: real, id, paths: projectPaths(id, home) };
}

function findAbove(files: Files, cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if ([...CONFIG_NAMES, ...PROCFILE_NAMES].some((name) => files.stat(join(folder, name)) !== undefined)) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
