import type {
  Assignment,
  Command,
  CommandArgument,
  ParsedScript,
  Pipeline,
  PipelineNode,
  Redirection,
  Statement,
  SyntaxNode,
  Word,
} from 'unbash';
import { applyBuiltin } from './builtins.ts';
import { firstDenial, type Denial } from './denial.ts';
import { invoke } from './invoke.ts';
import { looksUp } from './kills.ts';
import { makeOutputs } from './outputs.ts';
import type { ReadText } from './project-files.ts';
import { inner, isTooDeep, type Body, type Judge, type Scope, type Walk } from './scope.ts';
import { expandWord, joinValues, PIDS, textValue, UNKNOWN, type Value } from './values.ts';

/** The shell parser, handed in: it loads only where there is something to parse. */
export interface Parser {
  parse: (text: string) => ParsedScript;
  forEachChild: (node: SyntaxNode, visit: (child: SyntaxNode) => void) => void;
}

/** A command line that asks for more than this has loops in loops, or scripts that call each other: it is passed over. */
const MAX_STEPS = 5000;
/** Loop bodies are looked at with so many of their words. */
const MAX_ROUNDS = 20;

/**
 * Walks through shell text as a shell would, running nothing, and asks the judge about every program that it would run.
 * It knows variables, folders, functions and pipes as far as they stand in the text; what it cannot know, it passes over.
 */
export function makeWalk({ parse, forEachChild }: Parser, readText: ReadText, judge: Judge): Walk {
  let steps = 0;
  const printed = makeOutputs({ expand, args, withInput });
  const walk: Walk = {
    readText,
    judge,
    script: (text, scope) => (isTooDeep(scope) ? undefined : statements(parse(text).commands, scope)),
    body: (body, scope) => (isTooDeep(scope) ? undefined : visit(body, scope)),
    words: (words, scope) => invoke(walk, words, scope),
  };

  function statements(list: readonly Statement[], scope: Scope): Denial | undefined {
    return firstDenial(list, ({ command, background }) => visit(command, background ? inner(scope) : scope));
  }

  function visit(node: PipelineNode | Statement['command'] | Body, scope: Scope): Denial | undefined {
    steps += 1;
    if (steps > MAX_STEPS) return undefined;
    switch (node.type) {
      case 'Command':
        return command(node, scope);
      case 'CompoundList':
        return statements(node.commands, scope);
      case 'Pipeline':
        return pipeline(node, scope);
      case 'AndOr':
        return firstDenial(node.commands, (one) => visit(one, scope));
      case 'If':
        return (
          visit(node.clause, scope) ??
          visit(node.then, inner(scope, { depth: scope.depth })) ??
          firstDenial(node.elif, (one) => visit(one.clause, scope) ?? visit(one.then, scope)) ??
          (node.else && visit(node.else, scope))
        );
      case 'While':
        return visit(node.clause, scope) ?? visit(node.body, scope);
      case 'For':
      case 'Select':
        return rounds(node.name.value, node.wordlist ?? [], node.body, scope);
      case 'ArithmeticFor':
        return visit(node.body, scope);
      case 'Case':
        return nested(node.word, scope) ?? firstDenial(node.items, (item) => visit(item.body, scope));
      case 'Subshell':
        return visit(node.body, inner(scope));
      case 'BraceGroup':
        return visit(node.body, scope);
      case 'Redirected':
        return firstDenial(node.redirects, (one) => nested(one, scope)) ?? visit(node.command, withInput(node.redirects, scope));
      case 'Function':
        scope.functions.set(node.name.value, node.body);
        return undefined;
      case 'Coproc':
        return visit(node.body, inner(scope));
      case 'TestCommand':
      case 'ArithmeticCommand':
        return nested(node, scope);
    }
  }

  function pipeline({ commands }: Pipeline, scope: Scope): Denial | undefined {
    let stdin = scope.stdin;
    return firstDenial(commands, (one) => {
      const denial = visit(one, inner(scope, { stdin }));
      stdin = printed.of(one, inner(scope, { stdin }));
      return denial;
    });
  }

  function rounds(name: string, list: readonly Word[], body: Body, scope: Scope): Denial | undefined {
    const values = list.flatMap((word) => expand(word, scope)).flatMap((value) => splitBlanks(value));
    return (
      firstDenial(list, (word) => nested(word, scope)) ??
      firstDenial(values.length === 0 ? [UNKNOWN] : values.slice(0, MAX_ROUNDS), (value) => {
        scope.variables.set(name, value);
        return visit(body, scope);
      })
    );
  }

  function command(node: Command, scope: Scope): Denial | undefined {
    const assignments = node.prefix.filter((one): one is Assignment => one.type === 'Assignment');
    const denial = firstDenial([...node.prefix, ...node.args, ...node.redirects], (one) => nested(one, scope));
    if (denial) return denial;
    if (!node.name) {
      for (const { name, value } of assignments) scope.variables.set(name, valueOf(value, scope));
      return undefined;
    }
    const words = [...expand(node.name, scope), ...args(node, scope)];
    if (applyBuiltin(words, withInput(node.redirects, scope), scope)) return undefined;
    return walk.words(words, withInput(node.redirects, scope));
  }

  function args(node: Command, scope: Scope): Value[] {
    return node.args.flatMap((one: CommandArgument) =>
      one.type === 'Word' ? expand(one, scope) : [joinValues([textValue(`${one.name}=`), valueOf(one.value, scope)], '')],
    );
  }

  function valueOf(value: Assignment['value'], scope: Scope): Value {
    if (value.type === 'ArrayValue')
      return joinValues(
        value.elements.flatMap((one) => expand(one, scope)),
        ' ',
      );
    return joinValues(expand(value, scope), ' ');
  }

  function expand(word: Word, scope: Scope): Value[] {
    return expandWord(word, {
      variable: (name) => scope.variables.get(name.replace(/\[[@*]\]$/, '')),
      output: (script) => (script ? printed.ofAll(script.commands, inner(scope)) : UNKNOWN),
    });
  }

  /** Scripts inside of words: command and process substitutions, unquoted here-documents. */
  function nested(node: SyntaxNode, scope: Scope): Denial | undefined {
    let denial: Denial | undefined;
    forEachChild(node, (child) => {
      denial ??= child.type === 'Script' ? statements(child.commands, inner(scope)) : nested(child, scope);
    });
    return denial;
  }

  /** What the redirections put on standard input. */
  function withInput(redirects: readonly Redirection[], scope: Scope): Scope {
    let stdin = scope.stdin;
    for (const one of redirects) {
      if (one.type === 'HereDoc') stdin = textValue(one.body.text);
      else if (one.type === 'HereString') stdin = one.target ? joinValues(expand(one.target, scope), ' ') : UNKNOWN;
      else if (one.operator === '<' && one.target) {
        const target = joinValues(expand(one.target, scope), ' ');
        stdin = looksUp('cat', [target]) || target.isPids ? PIDS : UNKNOWN;
      }
    }
    // Shared, not copied: what a builtin reads or sets lasts.
    return stdin === scope.stdin ? scope : { ...scope, stdin };
  }

  return walk;
}

function splitBlanks({ text, isPids }: Value): Value[] {
  return text.split(/\s+/).map((one) => ({ text: one, isPids }));
}
