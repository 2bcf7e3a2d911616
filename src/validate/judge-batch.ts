import { ok, type Result } from '../result.ts';
import { activeRules } from './active-rules.ts';
import type { Located } from './baseline.ts';
import type { Copies } from './copies.ts';
import type { Oxlint } from './engines.ts';
import { commentsAmong, locate, toHits, type Diagnostic } from './finders/oxlint.ts';
import { findKnownSecrets, type FindSecrets } from './finders/secretlint.ts';
import { findShapes, type AstGrep } from './finders/syntax.ts';
import { findText } from './finders/text.ts';
import type { Hit, Rewrite } from './finding.ts';
import { applyIgnores, readIgnores } from './ignores.ts';
import { mergeHits, toFindings, type Strictness } from './judge.ts';
import { Lines } from './lines.ts';
import type { Rule } from './rule.ts';
import { withoutQuiet, type Sheet } from './sheet.ts';

export interface JudgedFile {
  sheet: Sheet;
  located: Located[];
  /** Findings with a `devctl-ignore`. */
  ignored: number;
  rewrites: Rewrite[];
}

export interface Looking {
  astGrep: AstGrep;
  oxlint: Oxlint;
  findSecrets: FindSecrets;
  copies: Copies;
}

interface Standard {
  rules: readonly Rule[];
  strictness: Strictness;
}

/** A sheet, the file that the finders read, and the rules that count for it. */
interface Input {
  sheet: Sheet;
  at: string;
  active: Rule[];
}

/** Some files, looked at by all finders: oxlint beside the others, for it is a program of its own. */
export async function judgeBatch(sheets: Sheet[], standard: Standard, looking: Looking): Promise<Result<JudgedFile[]>> {
  const { rules, strictness } = standard;
  const inputs = sheets.map((sheet): Input => ({
    sheet,
    at: sheet.needsCopy ? looking.copies.write(sheet.source.at, withoutQuiet(sheet.text)) : sheet.source.at,
    active: activeRules(rules, sheet.source.path, sheet.place, strictness),
  }));
  const code = inputs.filter(({ sheet }) => sheet.kind === 'code');
  const [linted, shapes, texts] = await Promise.all([
    looking.oxlint.look(code.map(({ at }) => at)),
    findShapes(
      rules.filter((rule) => inputs.some(({ active }) => active.includes(rule))),
      code.map(({ sheet, at }) => ({ at, text: sheet.text })),
      looking.astGrep,
    ),
    searchTexts(inputs, looking.findSecrets),
  ]);
  if (!linted.ok) return linted;
  return ok(
    inputs.map((input) =>
      judgeFile(
        input,
        standard,
        [...(texts.get(input) ?? []), ...(shapes.get(input.at) ?? [])],
        linted.value.get(input.at) ?? [],
      ),
    ),
  );
}

/** Meanwhile the others are heard, who wait for us with full pipes. */
const BREATH = 20;

async function searchTexts(inputs: Input[], findSecrets: FindSecrets): Promise<Map<Input, Hit[]>> {
  const found = new Map<Input, Hit[]>();
  for (const [index, input] of inputs.entries()) {
    if (index % BREATH === 0) await new Promise(setImmediate);
    const { active, sheet } = input;
    const known = await findKnownSecrets(active, sheet.source.path, sheet.text, findSecrets);
    found.set(input, [...findText(active, sheet.text), ...known]);
  }
  return found;
}

/** All that was found in one file, as it counts. Pure. */
function judgeFile(
  { sheet, active }: Input,
  { rules, strictness }: Standard,
  hits: Hit[],
  diagnostics: Diagnostic[],
): JudgedFile {
  const { text, place, source } = sheet;
  const said = locate(text, diagnostics);
  const all = [...hits.filter(({ rule }) => active.includes(rule)), ...toHits(active, text, said)];
  const judged = applyIgnores(text, mergeHits(rules, all), readIgnores(text, commentsAmong(said)), { rules, active });
  const findings = toFindings(source.path, text, place, judged.hits, strictness);
  const lines = new Lines(text);
  return {
    sheet,
    located: findings.map((finding) => ({ finding, line: lines.textOf(finding.line - 1) })),
    ignored: judged.ignored,
    rewrites: judged.hits.flatMap(({ from, to, rewrite }) => (rewrite === undefined ? [] : [{ from, to, text: rewrite }])),
  };
}
