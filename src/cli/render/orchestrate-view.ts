import type { TaskFile } from '../../orchestrator/tasks/task.ts';
import { orderOf } from '../../orchestrator/tasks/graph.ts';
import type { Stats } from '../../orchestrator/output/stats.ts';
import { plainLine } from '../../services/log-text.ts';
import { out } from './colors.ts';
import { shownPath } from './shown-path.ts';
import { renderTable } from './table.ts';
import { count, formatSeconds } from './units.ts';

const MAX_WHY = 100;
const MAX_ROWS = 20;

/** In which order the tasks would begin, and what each waits for. */
export function renderTaskPlan(
  file: TaskFile,
  { concurrency, folder, executor }: { concurrency: number; folder: string; executor: string },
): string {
  const byId = new Map(file.tasks.map((task) => [task.id, task]));
  const rows = orderOf(file.tasks).map((id, index) => {
    const task = byId.get(id);
    const after = task && task.dependsOn.length > 0 ? out.dim(`after ${task.dependsOn.join(', ')}`) : '';
    return [out.dim(String(index + 1)), id, `priority ${String(task?.priority ?? 0)}`, after];
  });
  const tail = `${count(file.tasks.length, 'task')}, ${String(concurrency)} at once (${executor}), results in ${shownPath(folder)}`;
  return [renderTable(rows), tail, 'Nothing was done.'].join('\n');
}

/** What became of a run. */
export function renderRun({ tasks, wallMs, costUsd, tokens, perTask, branches }: Stats, folder: string): string {
  const parts = [
    `${String(tasks.completed)} of ${count(tasks.total, 'task')} done`,
    ...(['failed', 'skipped', 'cancelled', 'left'] as const)
      .filter((kind) => tasks[kind] > 0)
      .map((kind) => `${String(tasks[kind])} ${kind}`),
  ];
  const used = `${formatSeconds(wallMs / 1000)}, ${formatUsd(costUsd)}, ${formatTokens(tokens.input + tokens.output + tokens.cacheRead + tokens.cacheCreation)} tokens`;
  const bad = perTask.filter(({ state }) => state === 'failed' || state === 'skipped' || state === 'cancelled');
  const rows = bad
    .slice(0, MAX_ROWS)
    .map(({ id, state, why = '' }) => [`  ${state === 'failed' ? out.red(state) : out.yellow(state)}`, id, firstLine(why)]);
  const more = bad.length > MAX_ROWS ? [`  and ${String(bad.length - MAX_ROWS)} more`] : [];
  return [
    `${out.bold(parts.join(', '))}   ${out.dim(used)}`,
    ...(rows.length === 0 ? [] : [renderTable(rows)]),
    ...more,
    ...branches.map(({ task, branch, commits, conflictsWith }) => {
      const conflicts =
        conflictsWith === 'unknown'
          ? 'git is too old to tell of conflicts'
          : conflictsWith.length > 0
            ? `conflicts with ${conflictsWith.join(', ')}`
            : '';
      return `  branch ${branch}  ${count(commits, 'commit')} of ${task}${conflicts === '' ? '' : `  ${out.yellow(conflicts)}`}`;
    }),
    `results in ${shownPath(folder)}`,
  ].join('\n');
}

export function firstLine(text: string): string {
  // Somebody else's words: nothing in them is for the terminal.
  const line = plainLine(text.split('\n')[0] ?? '').replace(/\p{Cc}+/gu, ' ');
  return line.length > MAX_WHY ? `${line.slice(0, MAX_WHY - 1)}…` : line;
}

export const formatUsd = (usd: number): string => `$${usd < 0.995 ? usd.toFixed(3) : usd.toFixed(2)}`;

/** "950", "12.3k", "120k", "4.5M". */
export function formatTokens(tokens: number): string {
  if (tokens < 1000) return String(tokens);
  return tokens < 999_500 ? `${(tokens / 1000).toFixed(tokens < 99_950 ? 1 : 0)}k` : `${(tokens / 1e6).toFixed(1)}M`;
}
