import type { Problem } from '../failure.ts';
import { fail, ok, type Result } from '../result.ts';

export interface Marks {
  begin: string;
  end: string;
}

/** Where a part between two marks stands, from the line break before it to the one behind its end. */
interface Span {
  from: number;
  to: number;
}

/** Puts a part between its marks where it stands already, else at the end. */
export function putBlock(file: string, text: string, { begin, end }: Marks, body: string): Result<string, Problem> {
  const spans = findSpans(file, text, { begin, end });
  if (!spans.ok) return spans;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const wanted = `${[begin, ...body.split('\n'), end].join(eol)}${eol}`;
  const [span] = spans.value;
  if (!span) return ok(text === '' ? wanted : `${text}${eol}${wanted}`);
  const lead = /^\r?\n/.exec(text.slice(span.from))?.[0] ?? '';
  return ok(text.slice(0, span.from) + lead + wanted + text.slice(span.to));
}

/** The text without any such part. */
export function takeBlocks(file: string, text: string, marks: Marks): Result<string, Problem> {
  const spans = findSpans(file, text, marks);
  if (!spans.ok) return spans;
  return ok(
    spans.value.reduceRight((rest, { from, to }) => {
      // A line that somebody has put behind it does not grow together with the one before it.
      const isGap = from > 0 && to < rest.length && rest[from - 1] !== '\n';
      return rest.slice(0, from) + (isGap ? (rest.includes('\r\n') ? '\r\n' : '\n') : '') + rest.slice(to);
    }, text),
  );
}

/** Does such a part, or half of one, stand in the text? */
export function hasMark(text: string, { begin }: Marks): boolean {
  return linesOf(text, begin).length > 0;
}

/** A mark counts as a line of its own: a text may speak of it. One without its other half is a problem, for what lies behind it may be anybody's. */
function findSpans(file: string, text: string, { begin, end }: Marks): Result<Span[], Problem> {
  const marks = [
    ...linesOf(text, begin).map((place) => ({ ...place, isBegin: true })),
    ...linesOf(text, end).map((place) => ({ ...place, isBegin: false })),
  ].sort((a, b) => a.from - b.from);
  const spans: Span[] = [];
  for (let at = 0; at < marks.length; at += 2) {
    const [first, second] = [marks[at], marks[at + 1]];
    if (!first) break;
    if (!first.isBegin || !second || second.isBegin) {
      return fail({
        place: { file, line: text.slice(0, first.from).split('\n').length, column: 1 },
        what: `"${first.isBegin ? begin : end}" stands without its other half; take it out, or put the other one where the part ${first.isBegin ? 'ends' : 'begins'}`,
      });
    }
    const lead = /\r?\n$/.exec(text.slice(0, first.from))?.[0].length ?? 0;
    spans.push({ from: first.from - lead, to: second.to });
  }
  return ok(spans);
}

/** Where a line is just this, with the line break behind it. */
function linesOf(text: string, mark: string): Span[] {
  const pattern = new RegExp(`^${mark.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}[ \\t]*(?:\\r?\\n|$)`, 'gm');
  return [...text.matchAll(pattern)].map((match) => ({ from: match.index, to: match.index + match[0].length }));
}
