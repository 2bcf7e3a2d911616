import type { Machine } from '../machine/machine.ts';
import { withoutGitPlace } from '../project/environment.ts';
import type { Stats } from './output/stats.ts';
import type { Notify } from './tasks/task.ts';

const COMMAND_MS = 30_000;
const WEBHOOK_MS = 10_000;

/** Tells somebody that a run is over; nothing, or why that did not work. */
export async function notify(
  { tools, env }: Pick<Machine, 'tools' | 'env'>,
  whom: Notify,
  stats: Stats,
  statsPath: string,
): Promise<string | undefined> {
  switch (whom.kind) {
    case 'command': {
      const { tasks, end } = stats;
      const answer = await tools.runBeside({
        file: '/bin/sh',
        args: ['-c', whom.command],
        timeoutMs: COMMAND_MS,
        env: {
          ...withoutGitPlace(env),
          ORCHESTRATION_STATS: statsPath,
          ORCHESTRATION_END: end,
          ORCHESTRATION_COMPLETED: String(tasks.completed),
          ORCHESTRATION_FAILED: String(tasks.failed + tasks.skipped + tasks.cancelled),
        },
      });
      if (answer.outcome === 'done') return undefined;
      return `notify: "${whom.command}" ${answer.outcome === 'timed-out' ? 'took too long' : `ended with ${String(answer.exitCode)}`}`;
    }
    case 'webhook':
      try {
        const response = await fetch(whom.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          // The file has what became of each task.
          body: JSON.stringify({ ...stats, perTask: undefined }),
          signal: AbortSignal.timeout(WEBHOOK_MS),
        });
        return response.ok ? undefined : `notify: ${new URL(whom.url).host} answered ${String(response.status)}`;
      } catch (error) {
        return `notify: ${new URL(whom.url).host}: ${error instanceof Error ? error.message : String(error)}`;
      }
  }
}
