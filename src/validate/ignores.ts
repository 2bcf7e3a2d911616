import type { Hit } from './finding.ts';
import { nearest } from '../project/nearest.ts';
import type { Lines } from './lines.ts';
import type { Rule } from './rule.ts';
import { COMMENT_BEGIN } from './shapes/comment.ts';

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

const FORM = new RegExp(
  String.raw`${COMMENT_BEGIN}devctl-ignore(-file)?(?![\w-])\s*([\w-]+(?:\s*,\s*[\w-]+)*)?\s*(?::([^]*)|[\s*/]*)$`,
);
/** So much of a comment is read: nobody writes longer ones, and the forms are not made for millions of blanks. */
const LONGEST = 4000;
const BEGIN = new RegExp(String.raw`${COMMENT_BEGIN}devctl-ignore(?:-file)?(?![\w-])`);

/** The comments among some that want something ignored. Pure. */
export function readIgnores(lines: Lines, comments: { from: number; to: number }[]): Ignore[] {
  const { text } = lines;
  const read = comments.map(({ from, to }) => ({ from, to, comment: text.slice(from, Math.min(to, from + LONGEST)) }));
  const meant = read.filter(({ comment }) => BEGIN.test(comment));
  const found = meant.map(({ from, to, comment }) => {
    const [, isFile, names = '', reason = ''] = FORM.exec(comment) ?? [];
    const rules = names.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
    const [first, last] = [lines.at(from).line, lines.at(to - 1).line];
    return {
      from,
      to,
      rules,
      reason: reason
        .replace(/\*+\/$/, '')
        .replace(/[\s*]+/g, ' ')
        .trim(),
      isFile: isFile !== undefined,
      first,
      last,
    };
  });
  const alone = new Set(
    found
      .filter(({ from, first }) => ['', '{'].includes(text.slice(lines.startOf(first), from).trim()))
      .map(({ first }) => first),
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
  lines: Lines,
  hits: Hit[],
  ignores: Ignore[],
  { rules, active }: { rules: readonly Rule[]; active: readonly Rule[] },
): Judged {
  if (ignores.length === 0) return { hits, ignored: 0 };
  const ids = rules.map(({ id }) => id);
  const wrong = new Map(
    ignores.flatMap((ignore) => {
      const what = problemOf(ignore, ids);
      return what === undefined ? [] : [[ignore, what] as const];
    }),
  );
  const right = ignores.filter((ignore) => !wrong.has(ignore));
  const used = new Map<Ignore, Set<string>>(right.map((ignore) => [ignore, new Set()]));
  const left = hits.filter((hit) => {
    const at = [hit.from, hit.focus ?? hit.from].map((offset) => lines.at(offset).line);
    const ignore = right.find(({ line, rules: of }) => (line === 'file' || at.includes(line)) && of.includes(hit.rule.id));
    if (ignore) used.get(ignore)?.add(hit.rule.id);
    return !ignore;
  });
  const isActive = (name: string) => active.some(({ id }) => id === name);
  const unused = right.flatMap((ignore) => {
    const names = ignore.rules.filter((name) => isActive(name) && used.get(ignore)?.has(name) !== true);
    return names.length === 0 ? [] : [{ ignore, names }];
  });
  const found = [...left, ...tellWrong(active, wrong), ...tellUnused(active, lines.text, unused)];
  return { hits: found.sort((a, b) => (a.focus ?? a.from) - (b.focus ?? b.from)), ignored: hits.length - left.length };
}

/** What is wrong with a comment, if anything. */
function problemOf({ reason, rules: names }: Ignore, ids: string[]): string | undefined {
  if (names.length === 0) return 'it names no rule';
  const unknown = names.find((name) => !ids.includes(name));
  if (unknown !== undefined) {
    const meant = nearest(unknown, ids);
    return `"${unknown}" is no rule${meant === undefined ? '' : `; ${meant}?`}`;
  }
  return reason === '' ? 'it says no reason' : undefined;
}

function tellWrong(active: readonly Rule[], wrong: Map<Ignore, string>): Hit[] {
  const rule = ruleFor(active, 'invalid');
  return rule ? [...wrong].map(([{ from, to }, detail]) => ({ rule, from, to, detail })) : [];
}

/** All of it goes, or the names that nothing is found of. */
function tellUnused(active: readonly Rule[], text: string, unused: { ignore: Ignore; names: string[] }[]): Hit[] {
  const rule = ruleFor(active, 'unused');
  if (!rule) return [];
  return unused.map(({ ignore: { from, to, rules }, names }) => {
    const kept = rules.filter((name) => !names.includes(name));
    const list = new RegExp(rules.join('\\s*,\\s*'));
    const rewrite = kept.length === 0 ? '' : text.slice(from, to).replace(list, kept.join(', '));
    return { rule, from, to, rewrite, ...(kept.length === 0 ? {} : { detail: names.join(', ') }) };
  });
}

const ruleFor = (active: readonly Rule[], problem: 'invalid' | 'unused'): Rule | undefined =>
  active.find(({ finders }) => finders.some((finder) => finder.by === 'ignore' && finder.problem === problem));
