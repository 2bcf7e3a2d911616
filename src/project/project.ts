import { basename, dirname, join, resolve } from 'node:path';
import type { Files } from '../machine/files.ts';
import type { HomeInfo } from '../machine/home.ts';
import { findCheckout } from './git.ts';
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
 * that project if it lies in it, and else makes its own folder the project. Without any: the folder itself. A folder that
 * is gone is the project that is remembered there, never one above it that is still there.
 */
export function locateProject(files: Files, home: HomeInfo, { cwd, file }: LocateRequest): Project {
  if (files.stat(cwd) === undefined) return rememberedProject(files, home, cwd);
  const above = findAbove(files, cwd);
  const named = file === undefined ? undefined : dirname(resolve(cwd, file));
  const root = named === undefined ? (above ?? cwd) : above !== undefined && `${named}/`.startsWith(`${above}/`) ? above : named;
  const real = files.realpath(root) ?? root;
  const id = projectId(real);
  return { root: real, id, paths: projectPaths(id, home) };
}

/** The nearest folder, among those that are gone, of which there is a run record. */
function rememberedProject(files: Files, home: HomeInfo, cwd: string): Project {
  const at = (root: string): Project => {
    const id = projectId(root);
    return { root, id, paths: projectPaths(id, home) };
  };
  for (let folder = cwd; files.stat(folder) === undefined && folder !== dirname(folder); folder = dirname(folder)) {
    const project = at(join(files.realpath(dirname(folder)) ?? dirname(folder), basename(folder)));
    if (files.stat(project.paths.record) !== undefined) return project;
  }
  return at(cwd);
}

function findAbove(files: Files, cwd: string): string | undefined {
  const checkout = findCheckout(files, cwd);
  for (let folder = cwd; ; folder = dirname(folder)) {
    if ([...CONFIG_NAMES, ...PROCFILE_NAMES].some((name) => files.stat(join(folder, name)) !== undefined)) return folder;
    // A worktree often lies in the main checkout, and is a project of its own.
    const isBorder = checkout?.kind === 'worktree' && folder === checkout.top;
    if (isBorder || folder === dirname(folder)) return undefined;
  }
}
