import { splitOptions } from './options.ts';
import { runPackageScript } from './package-scripts.ts';
import { programName } from './program-name.ts';
import { packageFolder } from './project-files.ts';
import { deeper, type Scope, type Step, type Walk } from './scope.ts';
import type { Value } from './values.ts';

/** Interpreters, with the options that take a value. */
const INTERPRETERS: Record<string, readonly string[]> = {
  node: ['-r', '--require', '--import', '--loader', '--env-file', '-e', '--eval', '-p', '--print', '--run', '-C', '--conditions'],
  bun: ['-r', '--preload', '-e', '--eval'],
  deno: [],
  tsx: ['--tsconfig', '--env-file'],
  'ts-node': ['-P', '--project', '-r'],
  ruby: ['-I', '-r', '-e', '-C'],
  python: ['-m', '-c', '-W', '-X'],
  php: ['-d', '-c', '-r', '-S', '-t', '-f'],
  perl: ['-e', '-I', '-M'],
};
const TEXTS = ['-e', '--eval', '-p', '--print', '-c', '-r'] as const;

/** The interpreter that a program is: `python3.12` is python. */
export function interpreterOf(program: string): string | undefined {
  const name = /^python[\d.]*$/.test(program) ? 'python' : /^ruby[\d.]*$/.test(program) ? 'ruby' : program;
  return Object.hasOwn(INTERPRETERS, name) ? name : undefined;
}

/** The script that an interpreter would run, as a path; nothing where it is given text, a module or nothing. */
export function scriptOf(program: string, args: Value[]): { path: string; rest: Value[] } | undefined {
  const name = interpreterOf(program);
  if (name === undefined) return undefined;
  const { options, rest } = splitOptions(args, INTERPRETERS[name] ?? []);
  const hasText = TEXTS.some((option) => options.has(option) && !(option === '-r' && name !== 'php'));
  const [script, ...others] = name === 'tsx' && rest[0]?.text === 'watch' ? rest.slice(1) : rest;
  return hasText || !script ? undefined : { path: script.text, rest: others };
}

/** `node node_modules/vite/bin/vite.js`, `ruby bin/rails`, `python -m flask`: the program that the interpreter stands for. */
export function runInterpreter(walk: Walk, program: string, args: Value[], scope: Scope): Step | undefined {
  const name = interpreterOf(program);
  if (name === undefined) return undefined;
  const { options } = splitOptions(args, INTERPRETERS[name] ?? []);
  const script = options.get('--run');
  if (name === 'node' && script) {
    const folder = scope.cwd === undefined ? undefined : packageFolder(walk.readText, scope.cwd);
    const call = { script: script.text, folder, args: [], command: `node --run ${script.text}` };
    return { denial: runPackageScript(walk, call, scope) };
  }
  if (name === 'python' && options.has('-m')) {
    const at = args.findIndex(({ text }) => text === '-m');
    return { denial: walk.words(args.slice(at + 1), deeper(scope)) };
  }
  const file = scriptOf(program, args);
  if (!file) return undefined;
  const inside = programName(file.path);
  if (inside === 'devctl') return { denial: undefined };
  const isStandIn = /(?:^|\/)(?:bin|\.bin|node_modules)\//.test(file.path) || ['artisan', 'manage.py', 'rails'].includes(inside);
  return isStandIn ? { denial: walk.words([{ text: file.path, isPids: false }, ...file.rest], deeper(scope)) } : undefined;
}
