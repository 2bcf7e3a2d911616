import { join } from 'node:path';
import type { Problem } from '../../failure.ts';
import type { Files } from '../../machine/files.ts';
import { readUserFile } from '../../project/user-file.ts';
import { fail, ok, type Result } from '../../result.ts';
import type { Engines } from '../engines.ts';
import { findShapesIn, grammarsOf, isParsed, type AstGrep } from '../finders/syntax.ts';
import type { Hit } from '../finding.ts';
import { applyRewrites, rewritesOf } from '../fix.ts';
import type { Rule } from '../rule.ts';
import type { OwnRule } from './parse.ts';

const RULES_FOLDER = '.devctl/rules';

interface RuleTools {
  files: Files;
  /** Only where there are rules. */
  loadEngines: () => Promise<Result<Pick<Engines, 'astGrep'>>>;
}

/** The rules of a project's own: read, and tried on their own examples each time. */
export async function loadOwnRules(
  { files, loadEngines }: RuleTools,
  root: string,
  builtIn: readonly Rule[],
): Promise<Result<Rule[]>> {
  const folder = join(root, RULES_FOLDER);
  if (files.stat(folder)?.kind !== 'folder') return ok([]);
  const engines = await loadEngines();
  if (!engines.ok) return engines;
  const { astGrep } = engines.value;
  const { parseRule } = await import('../../lazy/config.ts');
  const problems: Problem[] = [];
  const known = new Map<string, string>(builtIn.map(({ id }) => [id, 'devctl']));
  const rules: Rule[] = [];
  for (const name of files
    .list(folder)
    .filter((entry) => /\.ya?ml$/.test(entry))
    .sort()) {
    const file = `${RULES_FOLDER}/${name}`;
    const text = readUserFile(files, join(folder, name));
    if (!text.ok) return text;
    const parsed = parseRule(text.value ?? '', file);
    if (!parsed.ok) {
      problems.push(...parsed.failure);
      continue;
    }
    const { rule, placeOf } = parsed.value;
    const other = known.get(rule.id);
    if (other !== undefined) problems.push({ place: placeOf(['id']), what: `"${rule.id}" is a rule of ${other} already` });
    known.set(rule.id, file);
    const fitted = fitGrammars(parsed.value, astGrep);
    if (!fitted.ok) problems.push(fitted.failure);
    else {
      problems.push(...checkRewrite(fitted.value), ...tryExamples(fitted.value, astGrep));
      rules.push(fitted.value.rule);
    }
  }
  return problems.length > 0 ? fail({ code: 'RULES_INVALID', problems }) : ok(rules);
}

function fitGrammars({ rule, placeOf }: OwnRule, astGrep: AstGrep): Result<OwnRule, Problem> {
  try {
    const finders = rule.finders.map((finder) =>
      finder.by === 'syntax' ? { ...finder, grammars: grammarsOf(finder, astGrep) } : finder,
    );
    return ok({ rule: { ...rule, finders }, placeOf });
  } catch (error) {
    return fail({ place: placeOf(['find']), what: (error as Error).message.split('\n').join(' ') });
  }
}

/** A variable of the rewrite that no pattern binds would be written as it stands. */
function checkRewrite({ rule, placeOf }: OwnRule): Problem[] {
  return rule.finders.flatMap((finder) => {
    if (finder.by !== 'syntax') return [];
    const bound = new Set(variablesIn(JSON.stringify(finder.find)));
    const unbound = variablesIn(finder.rewrite ?? '').find((name) => !bound.has(name));
    return unbound === undefined ? [] : [{ place: placeOf(['rewrite']), what: `"rewrite" has ${unbound}, which "find" has not` }];
  });
}

const variablesIn = (text: string): string[] => text.match(/\$+[A-Z_][A-Z0-9_]*/g) ?? [];

/** What a rule says of itself must be true. */
function tryExamples({ rule, placeOf }: OwnRule, astGrep: AstGrep): Problem[] {
  const problems: Problem[] = [];
  const words = rule.finders.flatMap((finder) => (finder.by === 'syntax' ? finder.words : []));
  for (const kind of ['bad', 'good'] as const) {
    for (const [index, { code, file }] of rule[kind].entries()) {
      const place = placeOf([kind, String(index)]);
      if (!isParsed(file ?? 'example.ts', code, astGrep)) {
        problems.push({ place, what: `this ${kind} example cannot be parsed` });
        continue;
      }
      const hits = findShapesIn(rule, file ?? 'example.ts', code, astGrep);
      if (kind === 'bad' && hits.length === 0) problems.push({ place, what: `"${rule.id}" finds nothing in this bad example` });
      else if (kind === 'bad' && !words.every((one) => one.test(code)))
        problems.push({ place, what: `"words" of "${rule.id}" match nothing in this bad example` });
      else if (kind === 'bad' && isEndless(rule, file ?? 'example.ts', code, hits, astGrep))
        problems.push({ place: placeOf(['rewrite']), what: 'what "rewrite" puts there is found again: --fix would never end' });
      if (kind === 'good' && hits.length > 0) problems.push({ place, what: `"${rule.id}" finds something in this good example` });
    }
  }
  return problems;
}

function isEndless(rule: Rule, file: string, code: string, hits: Hit[], astGrep: AstGrep): boolean {
  const { text, count } = applyRewrites(code, rewritesOf(hits));
  // One inside another is left for the next round.
  return count > 0 && findShapesIn(rule, file, text, astGrep).length >= hits.length;
}
