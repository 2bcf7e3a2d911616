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

/** A mark without its other half is a problem: what lies behind it may be anybody's. */
function findSpans(file: string, text: string, { begin, end }: Marks): Result<Span[], Problem> {
  const spans: Span[] = [];
  for (let at = 0; ;) {
    const from = text.indexOf(begin, at);
    const to = text.indexOf(end, at);
    if (from < 0 && to < 0) return ok(spans);
    const next = text.indexOf(begin, from + begin.length);
    if (from < 0 || to < from || (next >= 0 && next < to)) {
      const lone = from < 0 || (to >= 0 && to < from) ? to : from;
      return fail({
        place: { file, line: text.slice(0, lone).split('\n').length, column: 1 },
        what: `"${lone === to ? end : begin}" stands without its other half; take it out, or put the other one where the part ${lone === to ? 'begins' : 'ends'}`,
      });
    }
    const lead = /\r?\n$/.exec(text.slice(0, from))?.[0].length ?? 0;
    const trail = /^\r?\n/.exec(text.slice(to + end.length))?.[0].length ?? 0;
    spans.push({ from: from - lead, to: to + end.length + trail });
    at = to + end.length;
  }
}
