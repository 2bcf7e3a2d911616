import type { Board, Entry } from '../../orchestrator/hub/board.ts';
import type { SpokeProgress } from '../../orchestrator/spoke/progress.ts';
import { err } from './colors.ts';
import { formatTokens, formatUsd } from './orchestrate-view.ts';

export interface LiveView {
  board: Board;
  progress: ReadonlyMap<string, SpokeProgress>;
  nowMs: number;
  startedMs: number;
  columns: number;
  rows: number;
  /** What keeps anybody from beginning: "the API wants a pause of 12 s". */
  notice: string | undefined;
  widthOf: (text: string) => number;
}

const BAR = 30;
const ID = 24;
/** Some characters are several code points, and take the width of one. */
const GRAPHEMES = new Intl.Segmenter();

/** A bar, a line of totals, and a line for each task that runs. */
export function renderLive(view: LiveView): string {
  const { board, progress, columns, rows, notice } = view;
  const running = [...board.entries.values()].filter(({ state }) => state.kind === 'running');
  // The last line of a terminal stays free, or it scrolls.
  const room = Math.max(1, rows - 4);
  const shown = running.length > room ? running.slice(0, room - 1) : running;
  const more = running.length > shown.length ? [err.dim(`  and ${String(running.length - shown.length)} more`)] : [];
  const lines = [totals(view), ...shown.map((entry) => taskLine(entry, progress.get(entry.task.id), view)), ...more];
  if (notice !== undefined) lines.push(err.yellow(notice));
  return lines
    .slice(0, Math.max(1, rows - 1))
    .map((line) => fit(line, columns - 1, view.widthOf))
    .join('\n');
}

function totals({ board, progress, nowMs, startedMs }: LiveView): string {
  const { done, failed, skipped, cancelled, running, ready, waiting } = board.counts;
  const total = board.entries.size;
  const over = done + failed + skipped + cancelled;
  const filled = Math.round((over / total) * BAR);
  const bar = err.green('█'.repeat(filled)) + err.dim('░'.repeat(BAR - filled));
  const usd = [...board.entries.values()].reduce(
    (sum, { task, state }) => sum + (state.kind === 'running' ? (progress.get(task.id)?.costUsd ?? 0) : 0),
    board.spentUsd,
  );
  const parts = [
    `${String(over)}/${String(total)}`,
    ...(failed > 0 ? [err.red(`${String(failed)} failed`)] : []),
    ...(skipped + cancelled > 0 ? [err.yellow(`${String(skipped + cancelled)} skipped`)] : []),
    `${String(running)} running`,
    `${String(ready + waiting)} to come`,
    formatUsd(usd),
    clock(nowMs - startedMs),
  ];
  return `${bar} ${parts.join(err.dim(' · '))}`;
}

function taskLine({ task, state, attempts }: Entry, progress: SpokeProgress | undefined, { nowMs, widthOf }: LiveView): string {
  const elapsed = state.kind === 'running' ? clock(nowMs - state.left.beganMs) : '';
  const { turns = 0, tokens, costUsd = 0, doing = 'starts' } = progress ?? {};
  const used = tokens ? tokens.input + tokens.output + tokens.cacheRead + tokens.cacheCreation : 0;
  const again = attempts > 1 ? err.yellow(` (attempt ${String(attempts)})`) : '';
  const id = fit(task.id, ID, widthOf);
  return `${err.cyan('●')} ${id}${' '.repeat(Math.max(0, ID - widthOf(id)))} ${elapsed.padStart(5)}  ${String(turns).padStart(2)} turns  ${formatTokens(used).padStart(5)}  ${formatUsd(costUsd)}  ${err.dim(doing)}${again}`;
}

/** "0:34", "12:05", "1:02:05" */
function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${String(hours)}:${two(minutes)}:${two(seconds % 60)}` : `${String(minutes)}:${two(seconds % 60)}`;
}

/** Cut to so many columns; colours take none, and some characters take two. */
export function fit(text: string, columns: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= columns) return text;
  // Escape sequences stay whole, and all of them stay, so that no colour runs on.
  const parts = text.split(/(\x1b\[[0-9;]*m)/);
  let left = columns - 1;
  let isCut = false;
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return part;
      if (isCut) return '';
      let kept = '';
      for (const { segment: character } of GRAPHEMES.segment(part)) {
        const width = widthOf(character);
        if (width > left) {
          isCut = true;
          return `${kept}…`;
        }
        left -= width;
        kept += character;
      }
      return kept;
    })
    .join('');
}
