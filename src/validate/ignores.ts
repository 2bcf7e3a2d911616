import type { Hit } from './finding.ts';
import { Lines } from './lines.ts';
import type { Rule } from './rule.ts';

/**
 * `// devctl-ignore RULE[, RULE]: reason` for its own line, or for the next one where it stands alone;
 * `devctl-ignore-file` for the whole file.
 */
export interface Ignore {
  from: number;
  to: number;
  rules: string[];
  /** Counts from 0. */
  line: number | 'file';
  reason: string;
}

export const IGNORE_TERM = 'devctl-ignore';

const FORM = /^(?:\/\/+|\/\*+)\s*devctl-ignore(-file)?(?![\w-])\s*([\w-]+(?:\s*,\s*[\w-]+)*)?\s*(?::\s*([^]*?))?\s*(?:\*+\/)?$/;
const BEGIN = /^(?:\/\/+|\/\*+)\s*devctl-ignore(?:-file)?(?![\w-])/;

/** The comments among some that want something ignored. Pure. */
export function readIgnores(text: string, comments: { from: number; to: number }[]): Ignore[] {
  const meant = comments.filter(({ from, to }) => BEGIN.test(text.slice(from, to)));
  if (meant.length === 0) return [];
  const lines = new Lines(text);
  const found = meant.map(({ from, to }) => {
    const comment = text.slice(from, to);
    const [, isFile, names = '', reason = ''] = FORM.exec(comment) ?? [];
    const rules = names.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
    const [first, last] = [lines.at(from).line, lines.at(to - 1).line];
    return { from, to, rules, reason: reason.trim(), isFile: isFile !== undefined, first, last };
  });
  const alone = new Set(
    found.filter(({ from, first }) => /^\s*\{?\s*$/.test(text.slice(lines.startOf(first), from))).map(({ first }) => first),
  );
  return found.map(({ isFile, first, last, ...ignore }) => {
    let line = last + 1;
    // Several may stand above one line.
    while (alone.has(line)) line += 1;
    return { ...ignore, line: isFile ? 'file' : alone.has(first) ? line : first };
  });
}

export interface Judged {
  hits: Hit[];
  ignored: number;
}

/**
 * What is left of the hits; what is wrong with the comments are hits as well. `active` are the rules that were looked for:
 * what is ignored of another one may be there. Pure.
 */
export function applyIgnores(
  text: string,
  hits: Hit[],
  ignores: Ignore[],
  { rules, active }: { rules: readonly Rule[]; active: readonly Rule[] },
): Judged {
  if (ignores.length === 0) return { hits, ignored: 0 };
  const lines = new Lines(text);
  const isRight = ({ reason, rules: names }: Ignore) =>
    reason !== '' && names.length > 0 && names.every((name) => rules.some(({ id }) => id === name));
  const right = ignores.filter(isRight);
  const used = new Set<Ignore>();
  const left = hits.filter((hit) => {
    const at = [hit.from, hit.focus ?? hit.from].map((offset) => lines.at(offset).line);
    const ignore = right.find(({ line, rules: ids }) => (line === 'file' || at.includes(line)) && ids.includes(hit.rule.id));
    if (ignore) used.add(ignore);
    return !ignore;
  });
  const invalid = ignores.filter((one) => !isRight(one));
  const unused = right.filter((one) => !used.has(one) && one.rules.every((name) => active.some(({ id }) => id === name)));
  return {
    hits: [
      ...left,
      ...about(active, 'invalid', invalid),
      ...about(active, 'unused', unused).map((hit) => ({ ...hit, rewrite: '' })),
    ],
    ignored: hits.length - left.length,
  };
}

function about(active: readonly Rule[], problem: 'invalid' | 'unused', ignores: Ignore[]): Hit[] {
  const rule = active.find(({ finders }) => finders.some((finder) => finder.by === 'ignore' && finder.problem === problem));
  return rule ? ignores.map(({ from, to }) => ({ rule, from, to })) : [];
}
