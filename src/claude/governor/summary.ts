import type { GovernorEvent } from './events.ts';

/** What is worth a line when Claude Code has ended. */
export interface GovernorSummary {
  peak: number;
  queuedJobs: number;
  longestWaitMs: number;
  hung: string[];
  /** Why there was no governor for a part of the time. */
  failure?: string;
}

export function makeSummary(): { summary: GovernorSummary; onEvent: (event: GovernorEvent) => void } {
  const summary: GovernorSummary = { peak: 0, queuedJobs: 0, longestWaitMs: 0, hung: [] };
  const onEvent = (event: GovernorEvent) => {
    if (event.kind === 'look') summary.peak = Math.max(summary.peak, event.running + event.waiting);
    if (event.kind === 'queued') summary.queuedJobs += 1;
    if (event.kind === 'resumed') summary.longestWaitMs = Math.max(summary.longestWaitMs, event.waitedMs);
    if (event.kind === 'hung') summary.hung.push(event.hung.program);
  };
  return { summary, onEvent };
}
