import type { Command, CommandNode, Redirection, Statement, Word } from 'unbash';
import { FILTERS, looksUp } from './kills.ts';
import { programName } from './program-name.ts';
import { inner, type Body, type Scope } from './scope.ts';
import { joinValues, PIDS, UNKNOWN, type Value } from './values.ts';

/** What the walk knows of words and redirections. */
interface Words {
  expand: (word: Word, scope: Scope) => Value[];
  args: (node: Command, scope: Scope) => Value[];
  withInput: (redirects: readonly Redirection[], scope: Scope) => Scope;
}

/** What commands would print, as far as it matters: text that is written out, and pids that are looked up. */
export function makeOutputs({ expand, args, withInput }: Words): {
  of: (node: Statement['command'] | CommandNode | Body, scope: Scope) => Value;
  ofAll: (list: readonly Statement[], scope: Scope) => Value;
} {
  function ofAll(list: readonly Statement[], scope: Scope): Value {
    const values = list.map(({ command: one }) => of(one, scope));
    return values.find(({ isPids }) => isPids) ?? values.at(-1) ?? UNKNOWN;
  }

  function of(node: Statement['command'] | CommandNode | Body, scope: Scope): Value {
    switch (node.type) {
      case 'Command':
        return program(node, withInput(node.redirects, scope));
      case 'Pipeline': {
        let { stdin } = scope;
        for (const one of node.commands) stdin = of(one, inner(scope, { stdin }));
        return stdin ?? UNKNOWN;
      }
      case 'AndOr':
        return node.commands.map((one) => of(one, scope)).find(({ isPids }) => isPids) ?? UNKNOWN;
      case 'Subshell':
      case 'BraceGroup':
        return ofAll(node.body.commands, scope);
      case 'Redirected':
        return of(node.command, withInput(node.redirects, scope));
      case 'CompoundList':
        return ofAll(node.commands, scope);
      case 'ArithmeticCommand':
      case 'ArithmeticFor':
      case 'Case':
      case 'Coproc':
      case 'For':
      case 'Function':
      case 'If':
      case 'Select':
      case 'TestCommand':
      case 'While':
        return UNKNOWN;
    }
  }

  function program(node: Command, scope: Scope): Value {
    // $(< FILE)
    if (!node.name) return scope.stdin ?? UNKNOWN;
    const words = [...expand(node.name, scope), ...args(node, scope)];
    const at = words.findIndex(({ text }) => !/^(?:sudo|command|env|timeout|-\S*|\d+s?|[A-Za-z_]\w*=.*)$/.test(text));
    const program = programName(words[at]?.text ?? '');
    const rest = words.slice(at + 1);
    if (looksUp(program, rest)) return PIDS;
    if (program === 'echo' || program === 'printf')
      return joinValues(
        rest.filter(({ text }) => !text.startsWith('-')),
        ' ',
      );
    return FILTERS.has(program) && scope.stdin ? scope.stdin : UNKNOWN;
  }

  return { of, ofAll };
}
