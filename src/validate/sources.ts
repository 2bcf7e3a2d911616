import { join, relative } from 'node:path';
import picomatch from 'picomatch';
import type { Files } from '../machine/files.ts';
import type { ToolRunner } from '../machine/tool-runner.ts';
import { fail, ok, type Result } from '../result.ts';
import { Git } from './git.ts';
import { isAmong } from './globs.ts';
import { findScopes, lookAt, statOf } from './scopes.ts';
import type { Selection } from './selection.ts';
import { CODE, type Listed, type Source } from './source.ts';
import { walk } from './walk.ts';

/** Why something is passed over. */
export type PassedOver = 'ignored' | 'no-code' | 'no-file' | 'unreadable' | 'elsewhere';

export interface Selected {
  sources: Source[];
  /** Of what was named, and of what is code by its name. */
  passedOver: { file: string; why: PassedOver }[];
}

export interface SelectTools {
  files: Files;
  tools: ToolRunner;
  env: Record<string, string | undefined>;
  /** A folder for copies; nothing is in it. */
  copies: () => string;
}

interface Listing {
  listed: Listed[];
  unreadable: string[];
}

/** The files to judge, sorted by path. */
export async function selectSources(machine: SelectTools, selection: Selection): Promise<Result<Selected>> {
  const { files } = machine;
  const scopes = findScopes(files, selection);
  if (!scopes.ok) return scopes;
  const listing = await list(machine, selection, scopes.value);
  if (!listing.ok) return listing;
  const { listed, unreadable } = listing.value;
  const isIgnored = isAmong(selection.ignore);
  const isWanted = wantedBy(selection);
  const candidates = listed.filter(({ path }) => isOurs(path) && CODE.test(path) && !isIgnored(path) && isWanted(path));
  if (selection.glob !== undefined && candidates.length === 0 && selection.change.kind === 'all')
    return fail({ code: 'USAGE', what: `--files "${selection.glob}" matches no file`, fix: ['--files "src/**/*.ts"'] });
  const { sources, others } = filesAmong(files, candidates);
  const named = scopes.value.filter((scope) => isWanted(scope) && selection.change.kind === 'all');
  return ok({
    sources,
    passedOver: [
      ...[...unreadable, ...others].map((file) => ({ file, why: 'unreadable' as const })),
      ...named.flatMap((file) => explain(files, selection, file, sources)),
    ],
  });
}

/** Why one of the files that were named is not judged. */
function explain(files: Files, { root }: Selection, file: string, sources: Source[]): Selected['passedOver'] {
  const stat = statOf(files, join(root, file));
  const isIn = sources.some(({ path }) => path === file || path.startsWith(`${file}/`));
  if (isIn || sources.some(({ id }) => id === stat?.id)) return [];
  if (isElsewhere(files, root, file)) return [{ file, why: 'elsewhere' }];
  const kind = stat?.kind;
  if (kind === 'folder') return [];
  if (kind !== 'file') return [{ file, why: 'no-file' }];
  return [{ file, why: CODE.test(file) ? 'ignored' : 'no-code' }];
}

/** In a submodule, or a repository of its own that lies in this one. */
function isElsewhere(files: Files, root: string, path: string): boolean {
  const parts = path.split('/');
  return parts.some((_, index) => path !== '' && statOf(files, join(root, ...parts.slice(0, index + 1), '.git')) !== undefined);
}

const isOurs = (path: string): boolean => !/(?:^|\/)node_modules\//.test(path);

function wantedBy({ glob, root, cwd }: Selection): (path: string) => boolean {
  if (glob === undefined) return () => true;
  const matches = picomatch(glob.replace(/^\.\//, ''), { dot: true });
  const isAbsolute = glob.startsWith('/');
  return (path) => matches(isAbsolute ? join(root, path) : relative(cwd, join(root, path)));
}

/**
 * Regular files, sorted; a link and what it points to are one file, by the name that is none. The others are no file, or have a name
 * that could not be read. What git still knows and is gone is nothing.
 */
function filesAmong(files: Files, candidates: Listed[]): { sources: Source[]; others: string[] } {
  const byId = new Map<string, Source>();
  const others: string[] = [];
  for (const { path, at } of candidates) {
    const stat = statOf(files, at);
    if (stat?.kind === 'other' || (!stat && path.includes('\uFFFD'))) others.push(path);
    if (stat?.kind !== 'file') continue;
    const known = byId.get(stat.id);
    if (!known || files.realpath(at) === at) byId.set(stat.id, { path, at, size: stat.size, id: stat.id });
  }
  return { sources: [...byId.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), others };
}

async function list(machine: SelectTools, selection: Selection, scopes: string[]): Promise<Result<Listing>> {
  const { root, change } = selection;
  const opened = await Git.open(machine, selection);
  if (!opened.ok && opened.failure.kind === 'refused')
    return fail({ code: 'TOOL_FAILED', tool: 'git', reason: opened.failure.why });
  if (!opened.ok && opened.failure.kind === 'no-git' && change.kind !== 'all')
    return fail({ code: 'TOOL_FAILED', tool: 'git', reason: 'it is not installed' });
  const here = (paths: string[]): Listing => ({ listed: paths.map((path) => ({ path, at: join(root, path) })), unreadable: [] });
  if (!opened.ok) {
    if (change.kind !== 'all')
      return fail({
        code: 'USAGE',
        what: `--${change.kind} needs a git repository`,
        why: `${root} is in none`,
        fix: ['devctl validate'],
      });
    const { found, unreadable } = walk(machine.files, root, scopes);
    return ok({ ...here(found), unreadable });
  }
  const git = opened.value;
  const inScope = (path: string) =>
    scopes.length === 0 || scopes.some((scope) => scope === '' || path === scope || path.startsWith(`${scope}/`));
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
  const wanted = staged.value.filter((path) => isOurs(path) && CODE.test(path) && inScope(path));
  const nowhere = scopes.find(
    (scope) =>
      lookAt(machine.files, join(root, scope)) === undefined &&
      !staged.value.some((path) => path === scope || path.startsWith(`${scope}/`)),
  );
  if (nowhere !== undefined)
    return fail({ code: 'USAGE', what: `There is no ${nowhere}, in the folder or staged`, fix: ['git status'] });
  const copied = await git.copyStaged(wanted, machine.copies());
  return copied.ok ? ok({ listed: copied.value, unreadable: [] }) : copied;
}
