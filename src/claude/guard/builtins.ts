import { folderIn, type Scope } from './scope.ts';
import { UNKNOWN, type Value } from './values.ts';

/** Does what the shell's own commands do to the scope; `false` for a program. `input` has the redirected standard input. */
export function applyBuiltin(words: Value[], input: Scope, scope: Scope): boolean {
  const [head, ...rest] = words;
  const args = rest.filter(({ text }) => !/^-[LPe]+$/.test(text));
  switch (head?.text ?? '') {
    case 'cd':
    case 'pushd':
      changeFolder(args[0]?.text ?? '~', scope);
      return true;
    case 'popd':
      changeFolder('-', scope);
      return true;
    case 'export':
    case 'declare':
    case 'local':
    case 'typeset':
    case 'readonly':
      for (const { text, isPids } of rest) {
        const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
        if (name !== undefined) scope.variables.set(name, { text: value ?? '', isPids });
      }
      return true;
    case 'read':
    case 'mapfile':
    case 'readarray':
      for (const { text } of rest) if (/^[A-Za-z_]\w*$/.test(text)) scope.variables.set(text, input.stdin ?? UNKNOWN);
      return true;
    default:
      return false;
  }
}

function changeFolder(word: string, scope: Scope): void {
  const to = word === '-' ? scope.previousCwd : folderIn(scope, word);
  scope.previousCwd = scope.cwd;
  scope.cwd = to;
}
