import type { Machine } from '../../machine/machine.ts';
import { readHistory, type History } from '../../project/history.ts';
import type { Project } from '../../project/project.ts';
import type { Progress } from '../../start/progress.ts';
import { describeMishap } from '../wording.ts';
import type { Context } from '../context.ts';
import { err } from './colors.ts';
import { renderTable } from './table.ts';
import { formatSeconds } from './units.ts';

/** Draws a line per service while a start waits; only where somebody watches. */
export async function watchProgress(
  context: Context,
  project: Project,
  machine: Machine,
): Promise<{ show: (progress: Progress[]) => void; end: () => void }> {
  if (!context.terminal.isWatched || context.json) return { show: () => undefined, end: () => undefined };
  const { createLogUpdate } = await import('../../lazy/log-update.ts');
  const draw = createLogUpdate(process.stderr);
  const history = readHistory(machine.files, project.paths.history);
  return {
    show: (progress) => {
      draw(renderTable(progress.map((one) => progressRow(one, history))));
    },
    end: () => {
      draw.clear();
    },
  };
}

function progressRow(one: Progress, history: History): string[] {
  switch (one.kind) {
    case 'pending':
      return [err.dim('·'), one.service, err.dim(`after ${one.after.join(', ')}`)];
    case 'waiting': {
      const before = history[one.service];
      const measure = before
        ? `${formatSeconds(one.seconds)} of about ${formatSeconds(before.seconds)}`
        : formatSeconds(one.seconds);
      return [err.yellow('…'), one.service, `waiting for ${one.for}`, err.dim(measure)];
    }
    case 'up':
      return [err.green('✓'), one.service, upWord(one), err.dim(formatSeconds(one.seconds))];
    case 'failed':
      return [err.red('✗'), one.service, describeMishap(one.mishap)];
  }
}

/** "ready on 3000", "running", "done" */
export function upWord(one: Progress & { kind: 'up' }): string {
  const ports = [...new Set(one.listeners.map((listener) => listener.port))];
  switch (one.how) {
    case 'listening':
      return `ready on ${ports.join(', ')}`;
    case 'published':
      return 'ready (published by a container)';
    case 'running':
      return 'running';
    case 'done':
      return 'done';
  }
}
