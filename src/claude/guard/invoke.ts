import { firstDenial, type Denial } from './denial.ts';
import { runInterpreter } from './interpreters.ts';
import { splitOptions } from './options.ts';
import { runPackageManager, runPackageScript } from './package-scripts.ts';
import { programName } from './program-name.ts';
import { packageFolder } from './project-files.ts';
import { deeper, folderIn, inner, isTooDeep, type Scope, type Walk } from './scope.ts';
import { HOLE, UNKNOWN, type Value } from './values.ts';
import { WRAPPERS } from './wrappers.ts';

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'fish']);

/** What these words would run: unwraps them down to the programs, and asks the judge about each. */
export function invoke(walk: Walk, words: Value[], scope: Scope): Denial | undefined {
  const [head, ...args] = words;
  if (!head || isTooDeep(scope)) return undefined;
  const name = programName(head.text);
  if (name === '' || name === HOLE || name === 'devctl') return undefined;
  const body = scope.functions.get(head.text);
  if (body) return walk.body(body, deeper(scope));
  if (SHELLS.has(name)) return runShell(walk, args, scope);
  if (name === 'xargs' || name === 'parallel') return runForInput(walk, args, scope);
  const unwrap = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
  const isOwnFile = head.text.includes('/') && !head.text.includes('node_modules');
  if (unwrap && !(isOwnFile && name === 'script')) {
    const found = unwrap(args);
    switch (found.kind) {
      case 'nothing':
        return walk.judge.program(name, args, scope);
      case 'words': {
        const folder = found.folder === undefined ? scope.cwd : folderIn(scope, found.folder);
        return (
          walk.judge.program(name, args, scope) ?? walk.words(found.words, { ...scope, cwd: folder, depth: scope.depth + 1 })
        );
      }
      case 'scripts':
        return firstDenial(found.texts, ({ text }) => walk.script(text, inner(scope)));
      case 'package-scripts': {
        const folder = scope.cwd === undefined ? undefined : packageFolder(walk.readText, scope.cwd);
        return firstDenial(found.names, (script) => runPackageScript(walk, { script, folder, args: [], command: script }, scope));
      }
    }
  }
  const step = runPackageManager(walk, name, args, scope) ?? runInterpreter(walk, name, args, scope);
  return step ? step.denial : walk.judge.program(named(head.text, name), args, scope);
}

/** `bin/dev` is a program of its own. */
function named(path: string, name: string): string {
  return /(?:^|\/)bin\/dev$/.test(path) ? 'bin/dev' : name;
}

const SHELL_VALUED = ['-o', '-O', '+O', '--rcfile', '--init-file'];

/** `bash -c TEXT`, `bash FILE`, `bash` with a script on its standard input. */
function runShell(walk: Walk, args: Value[], scope: Scope): Denial | undefined {
  const at = args.findIndex(({ text }) => /^-[a-zA-Z]*c[a-zA-Z]*$/.test(text));
  const isParsing = args.some(({ text }) => /^-[a-zA-Z]*n[a-zA-Z]*$/.test(text));
  if (isParsing) return undefined;
  const { rest } = splitOptions(args, SHELL_VALUED);
  if (at >= 0) return rest[0] ? walk.script(rest[0].text, inner(scope, { stdin: undefined })) : undefined;
  if (rest.length > 0 && args.every(({ text }) => text !== '-s')) return walk.words(rest, deeper(scope));
  return scope.stdin ? walk.script(scope.stdin.text, inner(scope, { stdin: undefined })) : undefined;
}

const XARGS_VALUED = ['-I', '-n', '-P', '-L', '-d', '-s', '-a', '-E', '--max-args', '--max-procs', '--replace', '-j', '--jobs'];

const INPUT = 'DEVCTL_GUARD_INPUT';

/** The words that it is given, with what it reads behind them. */
function runForInput(walk: Walk, args: Value[], scope: Scope): Denial | undefined {
  const { options, rest } = splitOptions(args, XARGS_VALUED);
  const input = options.has('-a') ? UNKNOWN : (scope.stdin ?? UNKNOWN);
  const glued = [...options.keys()].find((option) => /^-I./.test(option))?.slice(2);
  const place = glued ?? options.get('-I')?.text ?? options.get('--replace')?.text;
  const at = rest.findIndex(({ text }) => text === ':::');
  const command = at < 0 ? rest : rest.slice(0, at);
  const given = at < 0 ? [input] : rest.slice(at + 1);
  // In a word that is shell text it is found again as a variable.
  const inside = inner(scope, { stdin: UNKNOWN });
  inside.variables.set(INPUT, input);
  const filled = command.map((word) =>
    place === undefined || !word.text.includes(place)
      ? word
      : word.text === place
        ? input
        : { ...word, text: word.text.replaceAll(place, input.isPids ? `$${INPUT}` : input.text) },
  );
  const appended = given.flatMap(({ text, isPids }) =>
    text
      .split(/\s+/)
      .filter((one) => one !== '')
      .map((one) => ({ text: one, isPids })),
  );
  const words = place === undefined ? [...filled, ...appended] : filled;
  return walk.words(words, inside);
}
