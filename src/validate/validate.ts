import type { Machine } from '../machine/machine.ts';
import { ok, type Result } from '../result.ts';
import type { Located } from './baseline.ts';
import type { Copies } from './copies.ts';
import { Oxlint, oxlintConfigText, type Engines } from './engines.ts';
import type { Rewrite } from './finding.ts';
import { judgeBatch, type JudgedFile, type Measure } from './judge-batch.ts';
import type { Place } from './rule.ts';
import type { Skipped } from './sheet.ts';
import type { Source } from './source.ts';
import type { Selection } from './selection.ts';
import { selectSources, type PassedOver } from './sources.ts';

export interface Request extends Measure {
  selection: Selection;
  /** Then the texts of files are kept in which something can be mended. */
  isFixing: boolean;
}

/** What came of it. */
export interface Judgement {
  located: Located[];
  /** Files, from the root, and what they are for. */
  judged: Map<string, Place>;
  /** In part or as a whole. */
  skipped: { file: string; why: Skipped | PassedOver | 'packed' }[];
  /** Findings with a `devctl-ignore`. */
  ignored: number;
  /** What `--fix` writes. */
  fixes: Fix[];
}

/** A file of UTF-8, and what goes into it. */
export interface Fix {
  /** From the root. */
  file: string;
  text: string;
  rewrites: Rewrite[];
}

/** Files that are read and judged together: so much is in memory at once. */
const BATCH = { files: 10_000, bytes: 48_000_000 };

/** The whole of it: which files, what is found in them, what counts. */
export async function validate(
  machine: Pick<Machine, 'files' | 'tools' | 'env'>,
  request: Request,
  { copies, ...engines }: Engines & { copies: Copies },
): Promise<Result<Judgement>> {
  const { files, tools } = machine;
  const selected = await selectSources({ ...machine, copies: () => copies.folder() }, request.selection);
  if (!selected.ok) return selected;
  const all: Judgement = { located: [], judged: new Map(), skipped: selected.value.passedOver, ignored: 0, fixes: [] };
  const oxlint = new Oxlint(tools, engines.oxlint, copies.write('oxlintrc.json', oxlintConfigText(request.rules)));
  for (const batch of batchesOf(selected.value.sources)) {
    const judged = await judgeBatch(batch, request, { ...engines, files, oxlint, copies });
    if (!judged.ok) return judged;
    for (const one of judged.value.skipped) all.skipped.push(one);
    for (const file of judged.value.files) add(all, file, request.isFixing);
  }
  return ok(all);
}

function batchesOf(sources: Source[]): Source[][] {
  const batches: Source[][] = [];
  let bytes = 0;
  for (const source of sources) {
    bytes += source.size;
    const batch = batches.at(-1);
    if (batch && batch.length < BATCH.files && bytes <= BATCH.bytes) batch.push(source);
    else {
      batches.push([source]);
      bytes = source.size;
    }
  }
  return batches;
}

function add(all: Judgement, { sheet, located, ignored, rewrites }: JudgedFile, isFixing: boolean): void {
  all.judged.set(sheet.source.path, sheet.place);
  if (sheet.kind === 'packed') all.skipped.push({ file: sheet.source.path, why: 'packed' });
  for (const one of located) all.located.push(one);
  all.ignored += ignored;
  if (isFixing && rewrites.length > 0) all.fixes.push({ file: sheet.source.path, text: sheet.text, rewrites });
}
