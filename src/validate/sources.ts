import { isAbsolute, join, relative, resolve } from 'node:path';
import picomatch from 'picomatch';
import type { Files } from '../machine/files.ts';
import type { ToolRunner } from '../machine/tool-runner.ts';
import { fail, ok, type Result } from '../result.ts';
import { Git } from './git.ts';
import { CODE, type Listed, type Source } from './source.ts';

/** Which files. */
export interface Selection {
  /** Absolute; where it counts from. */
  root: string;
  /** Where the words were typed, and what a hook of git counts its variables from. */
  cwd: string;
  /** Files and folders, as they were typed; none: all of the root. */
  paths: string[];
  /** `--files`, from the folder where it was typed. */
  glob?: string | undefined;
  /** Of devctl.yml, from the root. */
  ignore: string[];
  change: { kind: 'all' } | { kind: 'staged' } | { kind: 'since'; ref: string };
}

export interface Selected {
  sources: Source[];
  /** Whatever git or devctl.yml ignores, and was named all the same. */
  ignored: string[];
}

export interface SelectTools {
  files: Files;
  tools: ToolRunner;
  env: Record<string, string | undefined>;
  /** A folder for copies; nothing is in it. */
  copies: () => string;
}

/** The files to judge, sorted by path. */
export async function selectSources(machine: SelectTools, selection: Selection): Promise<Result<Selected>> {
  const { files } = machine;
  const { root, cwd } = selection;
  const scopes: string[] = [];
  for (const word of selection.paths) {
    const path = relative(root, resolve(cwd, word));
    if (path === '..' || path.startsWith('../') || isAbsolute(path))
      return fail({
        code: 'USAGE',
        what: `${word} lies outside of the project`,
        why: `which is ${root}`,
        fix: [`devctl --root ${word} validate`],
      });
    if (!files.stat(join(root, path))) return fail({ code: 'USAGE', what: `There is no ${word}`, fix: ['devctl validate'] });
    scopes.push(path);
  }
  const listed = await list(machine, selection, scopes);
  if (!listed.ok) return listed;
  const isIgnored = picomatch(selection.ignore, { dot: true });
  const isWanted = wantedBy(selection);
  const seen = new Set<string>();
  const sources = listed.value
    .filter(({ path }) => CODE.test(path) && !isIgnored(path) && isWanted(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .flatMap(({ path, at }): Source[] => {
      // A link and what it points to are one file.
      const stat = files.stat(at);
      if (stat?.kind !== 'file' || seen.has(stat.id)) return [];
      seen.add(stat.id);
      return [{ path, at, size: stat.size }];
    });
  const ignored = scopes.filter((scope) => CODE.test(scope) && !sources.some(({ path }) => path === scope) && isWanted(scope));
  return ok({ sources, ignored: selection.change.kind === 'all' ? ignored : [] });
}

function wantedBy({ glob, root, cwd }: Selection): (path: string) => boolean {
  if (glob === undefined) return () => true;
  const matches = picomatch(glob.replace(/^\.\//, ''), { dot: true });
  return (path) => matches(relative(cwd, join(root, path)));
}

async function list(machine: SelectTools, selection: Selection, scopes: string[]): Promise<Result<Listed[]>> {
  const { root, change } = selection;
  const git = await Git.open(machine, selection);
  const here = (paths: string[]): Listed[] => paths.map((path) => ({ path, at: join(root, path) }));
  const inScope = (path: string) =>
    scopes.length === 0 || scopes.some((scope) => scope === '' || path === scope || path.startsWith(`${scope}/`));
  if (!git) {
    if (change.kind !== 'all')
      return fail({
        code: 'USAGE',
        what: `--${change.kind} needs a git repository`,
        why: `${root} is in none`,
        fix: ['devctl validate'],
      });
    return ok(here(walk(machine.files, root, scopes)));
  }
  if (change.kind === 'all') {
    const all = await git.files(scopes);
    return all.ok ? ok(here(all.value)) : all;
  }
  if (change.kind === 'since') {
    const changed = await git.changedSince(change.ref);
    return changed.ok ? ok(here(changed.value.filter(inScope))) : changed;
  }
  const staged = await git.staged();
  if (!staged.ok) return staged;
  const wanted = staged.value.filter((path) => CODE.test(path) && inScope(path));
  return git.copyStaged(wanted, machine.copies());
}

/** Without git: everything but what packages and tools have put there. A folder that links lead to once more is seen once. */
function walk(files: Files, root: string, scopes: string[]): string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  const visit = (path: string) => {
    const stat = files.stat(join(root, path));
    if (stat?.kind === 'file') found.push(path);
    if (stat?.kind !== 'folder' || seen.has(stat.id)) return;
    seen.add(stat.id);
    for (const name of listFolder(files, join(root, path))) {
      if (!['node_modules', '.git', 'dist', 'build', 'coverage'].includes(name)) visit(path === '' ? name : `${path}/${name}`);
    }
  };
  for (const scope of scopes.length === 0 ? [''] : scopes) visit(scope);
  return found;
}

function listFolder(files: Files, path: string): string[] {
  try {
    return files.list(path);
  } catch (error) {
    if (['EACCES', 'EPERM', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
