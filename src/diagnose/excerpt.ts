import { isErrorLine } from '../logs/pick.ts';

/** Lines of a stack trace, as Node, Ruby, Python, Java and Go print them. */
const FRAME = /^\s+(?:at .+|from .+:\d+.*|File ".+", line \d+.*|\S+\.go:\d+.*|\d+: .+::.+)$|^(?:\/|\.\/|\w).*\.rb:\d+:in /;
const CODE = /^ {4,}\S/;
const MAX_COLUMNS = 500;
const SHOWN_FRAMES = 2;
/** An error above the last lines is shown with so many after it. */
const ERROR_CONTEXT = 5;

/** The lines of a log that tell most of an end: stack traces folded, the first error where it stands above the last lines. Pure. */
export function excerptOf(lines: string[], count: number): string[] {
  const folded = foldFrames(lines).map((line) => (line.length > MAX_COLUMNS ? `${line.slice(0, MAX_COLUMNS)} ...` : line));
  if (folded.length <= count) return folded;
  const tail = folded.slice(-count);
  const first = folded.findIndex(isErrorLine);
  if (first < 0 || first >= folded.length - count) return tail;
  const error = folded.slice(first, first + 1 + ERROR_CONTEXT);
  const rest = folded.slice(-(count - error.length - 1));
  const between = folded.length - rest.length - (first + error.length);
  return between <= 0 ? folded.slice(first).slice(0, count) : [...error, `... ${String(between)} lines`, ...rest];
}

function foldFrames(lines: string[]): string[] {
  const folded: string[] = [];
  let frames = 0;
  const flush = () => {
    if (frames > SHOWN_FRAMES) folded.push(`    ... ${String(frames - SHOWN_FRAMES)} more frame(s)`);
    frames = 0;
  };
  for (const line of lines) {
    if (FRAME.test(line)) frames += 1;
    // Python prints the code of a frame beneath it.
    if (FRAME.test(line) || (frames > 0 && CODE.test(line))) {
      if (frames <= SHOWN_FRAMES) folded.push(line);
      continue;
    }
    flush();
    folded.push(line);
  }
  flush();
  return folded;
}
