import { shellQuoted } from '../../machine/shell-quote.ts';
import type { Denial } from './denial.ts';
import { splitOptions } from './options.ts';
import { packageFolder, readScripts, workspaceFolder } from './project-files.ts';
import { deeper, folderIn, inner, type Scope, type Step, type Walk } from './scope.ts';
import { HOLE, type Value } from './values.ts';
import { npx } from './wrappers.ts';

/** A script that is asked for by its name. */
export interface ScriptCall {
  script: string;
  /** Of its package.json; `undefined` where it cannot be told. */
  folder: string | undefined;
  /** Appended to its text. */
  args: Value[];
  /** As it was typed, for the reason. */
  command: string;
}

type Manager = 'npm' | 'yarn' | 'pnpm' | 'bun';
const MANAGERS: ReadonlySet<string> = new Set(['npm', 'yarn', 'pnpm', 'bun']);
const FOLDER_OPTIONS: readonly string[] = ['--prefix', '-C', '--cwd', '--dir'];
const WORKSPACE_OPTIONS: readonly string[] = ['-w', '--workspace', '--filter', '-F'];
const VALUED = [...FOLDER_OPTIONS, ...WORKSPACE_OPTIONS, '--loglevel', '--config', '--userconfig'];
const RUN: ReadonlySet<string> = new Set(['run', 'run-script', 'rum', 'urn']);
const LIFECYCLE: ReadonlySet<string> = new Set(['start', 'test', 'stop', 'restart']);
const EXEC: ReadonlySet<string> = new Set(['exec', 'x', 'dlx']);

/** npm, yarn, pnpm and bun: the script that they would run, or the program. */
export function runPackageManager(walk: Walk, program: string, args: Value[], scope: Scope): Step | undefined {
  return MANAGERS.has(program) ? { denial: runManager(walk, program as Manager, args, scope) } : undefined;
}

function runManager(walk: Walk, manager: Manager, args: Value[], scope: Scope): Denial | undefined {
  const before = splitOptions(args, VALUED);
  const [verb, ...rest] = before.rest;
  if (!verb) return undefined;
  if (verb.text === 'workspace' && manager === 'yarn' && rest[0])
    return runManager(walk, manager, [{ text: '--filter', isPids: false }, rest[0], ...rest.slice(1)], scope);
  if (EXEC.has(verb.text)) {
    const found = npx(rest);
    if (found.kind === 'scripts') return found.texts[0] && walk.script(found.texts[0].text, inner(scope));
    return found.kind === 'words' ? walk.words(found.words, deeper(scope)) : undefined;
  }
  const isRun = RUN.has(verb.text);
  const behind = isRun ? splitOptions(rest, VALUED) : { options: new Map<string, Value>(), rest: [verb, ...rest] };
  const [name, ...given] = behind.rest;
  if (!name || name.text === HOLE) return undefined;
  const after = splitOptions(given, VALUED);
  const options = new Map([...before.options, ...behind.options, ...after.options]);
  const folder = scriptFolder(walk, options, scope);
  // npm takes what follows for itself, up to "--"; the others hand it on.
  const dashes = given.findIndex(({ text }) => text === '--');
  const handedOn = dashes >= 0 ? given.slice(dashes + 1) : manager === 'npm' ? after.rest : given;
  const call: ScriptCall = {
    script: name.text,
    folder,
    args: handedOn,
    command: [manager, ...(isRun ? ['run'] : []), name.text].join(' '),
  };
  const scripts = folder === undefined ? undefined : readScripts(walk.readText, folder);
  const isScript = name.text === 'dev' || Object.hasOwn(scripts ?? {}, name.text);
  if (isScript || manager === 'npm' || (!isRun && LIFECYCLE.has(name.text)))
    return isRun || isScript || LIFECYCLE.has(name.text) ? runPackageScript(walk, call, scope) : undefined;
  if (!isRun && OWN_COMMANDS.has(name.text)) return undefined;
  // `bun run server.ts`, `yarn vite`
  return walk.words(behind.rest, deeper(scope));
}

/** Of yarn, pnpm and bun: nobody's scripts. */
const OWN_COMMANDS: ReadonlySet<string> = new Set([
  'add',
  'audit',
  'bin',
  'build',
  'cache',
  'config',
  'create',
  'dedupe',
  'help',
  'i',
  'import',
  'info',
  'init',
  'install',
  'link',
  'list',
  'ls',
  'outdated',
  'pack',
  'patch',
  'pm',
  'prune',
  'publish',
  'rebuild',
  'remove',
  'rm',
  'set',
  'setup',
  'store',
  'test',
  't',
  'uninstall',
  'unlink',
  'up',
  'update',
  'upgrade',
  'version',
  'why',
  'workspaces',
]);

function scriptFolder(walk: Walk, options: Map<string, Value>, scope: Scope): string | undefined {
  const given = FOLDER_OPTIONS.map((name) => options.get(name)).find((value) => value !== undefined);
  const start = given ? folderIn(scope, given.text) : scope.cwd;
  const root = start === undefined ? undefined : given ? start : packageFolder(walk.readText, start);
  const workspace = WORKSPACE_OPTIONS.map((name) => options.get(name)).find((value) => value !== undefined);
  return workspace && root !== undefined ? (workspaceFolder(walk.readText, root, workspace.text) ?? root) : root;
}

/** A script with those that npm runs before and after it. */
export function runPackageScript(walk: Walk, { script, folder, args, command }: ScriptCall, scope: Scope): Denial | undefined {
  const scripts = folder === undefined ? undefined : readScripts(walk.readText, folder);
  if (!scripts || folder === undefined)
    return script === 'dev' ? walk.judge.devScript(command, folder === undefined ? scope : { ...scope, cwd: folder }) : undefined;
  const has = (name: string) => Object.hasOwn(scripts, name);
  if (script === 'restart' && !has('restart'))
    return runPackageScript(walk, { script: 'start', folder, args, command }, deeper(scope));
  if (!has(script)) return undefined;
  if (script === 'dev') {
    if (runsDevctl(scripts, 'dev')) return undefined;
    const denial = walk.judge.devScript(command, { ...scope, cwd: folder });
    if (denial) return denial;
  }
  for (const name of [`pre${script}`, script, `post${script}`]) {
    if (!has(name)) continue;
    const appended = name === script ? args.map(({ text }) => ` ${shellQuoted(text)}`).join('') : '';
    const denial = walk.script(`${scripts[name] ?? ''}${appended}`, inner(scope, { cwd: folder, stdin: undefined }));
    if (denial) return denial;
  }
  return undefined;
}

/** Does it, or a script that it runs, run devctl? */
export function runsDevctl(scripts: Record<string, string>, name: string, seen = new Set<string>()): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  const text = Object.hasOwn(scripts, name) ? (scripts[name] ?? '') : '';
  if (/(?:^|[\s/;&|(])devctl(?:\.js)?\s+(?:start|restart|run|attach)\b|(?:^|[\s/])devctl(?:\.js)?$/.test(text)) return true;
  return [...text.matchAll(/\b(?:npm|yarn|pnpm|bun) run ([\w:-]+)/g)].some(([, other = '']) => runsDevctl(scripts, other, seen));
}
