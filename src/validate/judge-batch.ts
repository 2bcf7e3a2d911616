import type { Files } from '../machine/files.ts';
import { ok, type Result } from '../result.ts';
import { chooseRules } from './active-rules.ts';
import type { Located } from './baseline.ts';
import type { Copies } from './copies.ts';
import type { Oxlint } from './engines.ts';
import { placing, type OwnPlaces } from './places.ts';
import { commentsAmong, locate, toHits, type Diagnostic } from './finders/oxlint.ts';
import { findKnownSecrets, type FindSecrets } from './finders/secretlint.ts';
import { findShapes, type AstGrep, type ShapeSearch } from './finders/syntax.ts';
import { findText } from './finders/text.ts';
import type { Hit, Rewrite } from './finding.ts';
import { rewritesOf } from './fix.ts';
import { applyIgnores, readIgnores } from './ignores.ts';
import { mergeHits, toFindings, type Strictness } from './judge.ts';
import { Lines } from './lines.ts';
import type { Rule } from './rule.ts';
import { countedText, LONG_LINE, readSheet, withoutQuiet, type Sheet, type Skipped } from './sheet.ts';
import type { Source } from './source.ts';

export interface JudgedFile {
  sheet: Sheet;
  located: Located[];
  /** Findings with a `devctl-ignore`. */
  ignored: number;
  /** None for a file in another encoding: written back it would be another one. */
  rewrites: Rewrite[];
}

/** What looks, and where. */
export interface Eyes {
  files: Files;
  astGrep: AstGrep;
  oxlint: Oxlint;
  findSecrets: FindSecrets;
  copies: Copies;
}

/** What counts. */
export interface Measure {
  rules: readonly Rule[];
  strictness: Strictness;
  places: OwnPlaces;
}

/** A sheet, the file that the finders read, and the rules that count for it. */
interface Input {
  sheet: Sheet;
  at: string;
  active: readonly Rule[];
}

export interface JudgedBatch {
  files: JudgedFile[];
  skipped: { file: string; why: Skipped }[];
}

/** Files that are read before shapes are searched for in them: all of most projects. To compile the shapes takes 20 to 40 ms each time. */
const STEP = 5000;

/**
 * Some files, looked at by all finders at once: oxlint, a program of its own, begins with what is on the disk before anything is
 * read, and shapes are searched for, by threads, in what was read while more is read.
 */
export async function judgeBatch(sources: Source[], measure: Measure, eyes: Eyes): Promise<Result<JudgedBatch>> {
  const linting = eyes.oxlint.look(sources.map(({ at }) => at));
  const batch: JudgedBatch = { files: [], skipped: [] };
  const inputs: Input[] = [];
  const activeRules = chooseRules(measure.rules, measure.strictness);
  const placeOf = placing(measure.places);
  const searches: ShapeSearch[] = [];
  const texts = new Map<Input, Hit[]>();
  for (let from = 0; from < sources.length; from += STEP) {
    const step = readInputs(sources.slice(from, from + STEP), { ...eyes, activeRules, placeOf }, batch.skipped);
    for (const input of step) inputs.push(input);
    const search = searchShapes(step, measure.rules, eyes.astGrep);
    search.hits.catch(() => {
      // Where all are awaited, it is told.
    });
    searches.push(search);
    await searchTexts(step, eyes.findSecrets, texts);
  }
  const [linted, copies] = [await linting, inputs.filter(isCopy)];
  if (!linted.ok) return linted;
  const lintedCopies = await eyes.oxlint.look(copies.map(({ at }) => at));
  if (!lintedCopies.ok) return lintedCopies;
  const judged = new Map<Input, JudgedFile>();
  const judgeAll = (some: Input[], shapes: Map<string, Hit[]>[]) => {
    for (const input of some) {
      const hits = [...(texts.get(input) ?? []), ...shapes.flatMap((found) => found.get(input.at) ?? [])];
      const said = isCopy(input) ? lintedCopies.value : linted.value;
      judged.set(input, judgeFile(input, measure, hits, said.get(input.at) ?? []));
    }
  };
  const isSearched = ({ at }: Input) => searches.some(({ paths }) => paths.has(at));
  // Most are not, and need not wait for the threads.
  judgeAll(
    inputs.filter((input) => !isSearched(input)),
    [],
  );
  judgeAll(inputs.filter(isSearched), await Promise.all(searches.map(({ hits }) => hits)));
  batch.files = inputs.flatMap((input) => judged.get(input) ?? []);
  return ok(batch);
}

const isCopy = ({ at, sheet }: Input): boolean => at !== sheet.source.at;

type Reading = Pick<Eyes, 'files' | 'copies'> & {
  activeRules: ReturnType<typeof chooseRules>;
  placeOf: ReturnType<typeof placing>;
};

function readInputs(
  sources: Source[],
  { files, copies, activeRules, placeOf }: Reading,
  skipped: JudgedBatch['skipped'],
): Input[] {
  return sources.flatMap((source) => {
    const sheet = readSheet(files, source, placeOf);
    if (typeof sheet === 'string') {
      skipped.push({ file: source.path, why: sheet });
      return [];
    }
    const at = sheet.needsCopy ? copies.write(source.at, withoutQuiet(sheet.text)) : source.at;
    return [{ sheet, at, active: activeRules(source.path, sheet.place) }];
  });
}

function searchShapes(inputs: Input[], rules: readonly Rule[], astGrep: AstGrep): ShapeSearch {
  return findShapes(
    rules.filter((rule) => inputs.some(({ active }) => active.includes(rule))),
    inputs.map(({ sheet, at, active }) => ({ at, text: sheet.text, counted: countedText(sheet), rules: active })),
    astGrep,
  );
}

/** Texts searched before the others are heard. */
const BREATH = 20;

async function searchTexts(inputs: Input[], findSecrets: FindSecrets, found: Map<Input, Hit[]>): Promise<void> {
  for (const [index, input] of inputs.entries()) {
    if (index % BREATH === 0) await new Promise(setImmediate);
    const { active, sheet } = input;
    const known = await findKnownSecrets(active, sheet.source.path, sheet.text, findSecrets);
    found.set(input, [...findText(active, sheet.text), ...known]);
  }
}

/** All that was found in one file, as it counts. Pure. */
function judgeFile({ sheet, active }: Input, { rules, strictness }: Measure, hits: Hit[], diagnostics: Diagnostic[]): JudgedFile {
  const { text, place, source } = sheet;
  const said = locate(text, diagnostics);
  const all = [...hits.filter(({ rule }) => active.includes(rule)), ...toHits(active, text, said)];
  const comments = commentsAmong(said);
  if (all.length === 0 && comments.length === 0) return { sheet, located: [], ignored: 0, rewrites: [] };
  const lines = new Lines(text);
  const counted = sheet.kind === 'packed' ? inShortLines(lines, all) : all;
  const judged = applyIgnores(lines, mergeHits(rules, text, counted), readIgnores(lines, comments), { rules, active });
  const shown: Hit[] = sheet.isRecoded ? judged.hits.map(withoutRewrite) : judged.hits;
  const secrets = secretLines(lines, rules, hits, shown);
  return {
    sheet,
    located: toFindings(source.path, lines, place, shown, { strictness, secrets }).map((finding) => ({
      finding,
      line: secrets.has(finding.line - 1) ? '' : lines.textOf(finding.line - 1),
    })),
    ignored: judged.ignored,
    rewrites: rewritesOf(shown),
  };
}

function withoutRewrite(hit: Hit): Hit {
  const rest = { ...hit };
  delete rest.rewrite;
  return rest;
}

/** A line without any of these holds no key and no value. */
const MAY_BE_SECRET = /["'`\d]|hf_/;
/** A value may stand some lines below its name. */
const AROUND = 2;

/** Of the lines, from 0, that are to be shown, those with something secret in them, whether it counts here or not. */
function secretLines(lines: Lines, rules: readonly Rule[], hits: Hit[], shown: Hit[]): Set<number> {
  const secret = rules.filter(({ isSecret }) => isSecret);
  const candidates = new Set(shown.map(({ from, focus = from }) => lines.at(focus).line));
  const around = [...candidates]
    .filter((line) => MAY_BE_SECRET.test(lines.textOf(line)))
    .flatMap((line) => {
      const start = lines.startOf(Math.max(0, line - AROUND));
      const found = findText(secret, lines.text.slice(start, lines.startOf(line + AROUND + 1)));
      return found.map(({ from, to }) => ({ from: from + start, to: to + start }));
    });
  const all = [...hits.filter(({ rule }) => rule.isSecret), ...around];
  return new Set(
    all.flatMap(({ from, to }) => {
      const [first, last] = [lines.at(from).line, lines.at(to).line];
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    }),
  );
}

function inShortLines(lines: Lines, hits: Hit[]): Hit[] {
  const isKept = ({ isSecret, finders }: Rule) => isSecret === true || finders.some(({ by }) => by === 'unparsable');
  return hits.filter(({ rule, from }) => isKept(rule) || lines.textOf(lines.at(from).line).length <= LONG_LINE);
}
