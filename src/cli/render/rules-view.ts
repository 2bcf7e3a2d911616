import { LEVEL_NAMES, type Rule, type Severity } from '../../validate/rule.ts';
import { out } from './colors.ts';
import { printable, printableText } from './printable.ts';
import { renderTable } from './table.ts';

const COLOR: Record<Severity, (text: string) => string> = { error: out.red, warning: out.yellow, off: out.dim };

const names = Object.values(LEVEL_NAMES);

export const ruleData = ({ id, message, why, instead, severity, places, files, bad, good }: Rule) => ({
  id,
  message,
  why,
  instead,
  severity: Object.fromEntries(names.map((name, index) => [name, severity[index]])),
  ...(places ? { places } : {}),
  ...(files ? { files } : {}),
  bad,
  good,
});

/** A line for each rule, with its severity at each level. */
export function listRules(rules: readonly Rule[]): string {
  const head = ['rule', ...names.map((name, index) => `${String(index + 1)} ${name}`), ''].map((cell) => out.bold(cell));
  const rows = rules.map(({ id, severity, message }) => [id, ...severity.map((one) => COLOR[one](one)), printable(message)]);
  return `${renderTable([head, ...rows])}\n\ndevctl validate --explain RULE   tells why, with examples`;
}

export function explainRule({ id, message, why, instead, severity, places, finders, bad, good }: Rule): string {
  const examples = (title: string, list: Rule['bad']) =>
    list.length === 0
      ? []
      : [
          '',
          out.bold(title),
          ...list.flatMap(({ code, file }) => [...(file === undefined ? [] : [out.dim(`  ${file}`)]), indent(code), '']),
        ];
  return [
    `${out.bold(id)}: ${printable(message)}`,
    '',
    printableText(why),
    '',
    `${out.bold('Instead')}  ${printableText(instead)}`,
    `${out.bold('Severity')} ${names.map((name, index) => `${name} ${COLOR[severity[index] ?? 'off'](severity[index] ?? 'off')}`).join(', ')}`,
    ...(places ? [`${out.bold('Only in')}  ${places.join(', ')} code`] : []),
    ...(finders.some(({ by }) => by === 'ignore') ? [] : [`${out.bold('Ignore')}   // devctl-ignore ${id}: the reason`]),
    ...examples('Bad', bad),
    ...examples('Good', good),
  ]
    .join('\n')
    .trimEnd();
}

const indent = (code: string): string => printableText(code).replace(/^/gm, '    ');
