import type { ParsedScript, Word, WordPart } from 'unbash';

/** What a word stands for, as far as that can be told without running anything. */
export interface Value {
  /** With `HOLE` where something unknown stands. */
  text: string;
  /** It holds the numbers of processes that were looked up: by port, by name, in somebody's pid file. */
  isPids: boolean;
}

export const HOLE = '\0';
export const UNKNOWN: Value = { text: HOLE, isPids: false };
export const PIDS: Value = { text: HOLE, isPids: true };
export const textValue = (text: string): Value => ({ text, isPids: false });

export interface Expander {
  variable: (name: string) => Value | undefined;
  /** What a command substitution prints. */
  output: (script: ParsedScript | undefined) => Value;
}

/** The words that one word of the source becomes: an unquoted variable is split at its blanks, as the shell does. */
export function expandWord(word: Word, expander: Expander): Value[] {
  if (word.parts === undefined) return [textValue(word.value)];
  const fields: Value[] = [{ text: '', isPids: false }];
  for (const part of word.parts) {
    const { value, isSplit } = expandPart(part, expander);
    const [first = '', ...rest] = isSplit ? value.text.split(/[ \t\n]+/) : [value.text];
    const last = fields.at(-1);
    if (last) Object.assign(last, { text: last.text + first, isPids: last.isPids || value.isPids });
    fields.push(...rest.map((text) => ({ text, isPids: value.isPids })));
  }
  const found = fields.filter(({ text }, index) => text !== '' || fields.length === 1 || index === 0);
  return found.length > 1 && found[0]?.text === '' ? found.slice(1) : found;
}

function expandPart(part: WordPart, expander: Expander): { value: Value; isSplit: boolean } {
  const whole = (value: Value) => ({ value, isSplit: false });
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return whole(textValue(part.value));
    case 'Glob':
    case 'BraceExpansion':
    case 'ExtendedGlob':
      return whole(textValue(part.text));
    case 'DoubleQuoted':
    case 'LocaleString':
      return whole(
        joinValues(
          part.parts.map((child) => expandPart(child, expander).value),
          '',
        ),
      );
    case 'SimpleExpansion':
      return { value: expander.variable(part.text.replace(/^\$/, '')) ?? UNKNOWN, isSplit: true };
    case 'ParameterExpansion': {
      const known = part.prefix === undefined ? expander.variable(part.parameter) : undefined;
      const fallback = part.operation?.type === 'Default' ? expandWord(part.operation.operand, expander)[0] : undefined;
      return { value: known ?? fallback ?? UNKNOWN, isSplit: true };
    }
    case 'CommandExpansion':
      return { value: expander.output(part.script), isSplit: true };
    case 'ProcessSubstitution':
      return whole({ text: HOLE, isPids: expander.output(part.script).isPids });
    case 'ArithmeticExpansion':
      return whole(UNKNOWN);
  }
}

export function joinValues(values: Value[], separator: string): Value {
  return { text: values.map(({ text }) => text).join(separator), isPids: values.some(({ isPids }) => isPids) };
}
