import { shellQuoted } from '../../machine/shell-quote.ts';
import type { Ceiling, LaunchPlan } from '../../claude/launch/plan.ts';
import type { Claude } from '../../claude/install/find.ts';
import type { GovernorSummary } from '../../claude/governor/summary.ts';
import { out } from './colors.ts';
import { renderTable } from './table.ts';
import { formatSeconds } from './units.ts';

/** A word as a shell would have to be given it. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : shellQuoted(word));

export function renderLaunch(claude: Claude, plan: LaunchPlan, limit: number): string {
  const { file, args, settings, does, leaves } = plan;
  const governor =
    limit > 0
      ? `at most ${String(limit)} processes of its tools run at once (a soft limit); the newest are stopped until others end`
      : 'none: --max-processes 0';
  return [
    `${out.bold('claude')}    ${claude.path} (${claude.source})`,
    `${out.bold('command')}   ${[file, ...args].map(quoted).join(' ')}`,
    ...does.map((line) => `${out.bold('memory')}    ${line}`),
    `${out.bold('governor')}  ${governor}`,
    ...(settings.length > 0
      ? [
          out.bold('sets'),
          renderTable(settings.map(({ name, value, effect }) => [`  ${out.dim(effect)}`, `${name}=${quoted(value)}`])),
        ]
      : []),
    ...leaves.map((line) => `${out.yellow('note')}      ${line}`),
    'Nothing was started.',
  ].join('\n');
}

/** One line after Claude Code's own output, where there is something to tell. */
export function renderSummary(
  { peak, queuedJobs, longestWaitMs, hung, failure }: GovernorSummary,
  log: string | undefined,
): string | undefined {
  const parts = [
    ...(failure === undefined ? [] : [`its processes were not limited (${failure})`]),
    ...(queuedJobs > 0
      ? [
          `${String(queuedJobs)} jobs were queued (${String(peak)} processes at most, longest wait ${formatSeconds(longestWaitMs / 1000)})`,
        ]
      : []),
    ...(hung.length > 0 ? [`${String(hung.length)} stood still: ${[...new Set(hung)].join(', ')}`] : []),
  ];
  return parts.length === 0 ? undefined : `devctl: ${parts.join('; ')}${log === undefined ? '' : `. Log: ${log}`}`;
}

/** What a SIGKILL may have been: the kernel says nothing of it to whom it kills. */
export function renderKill(code: number, ceiling: Ceiling): string | undefined {
  if (code !== 128 + 9 || ceiling.kind === 'none') return undefined;
  return `devctl: Claude Code was killed; if by its memory ceiling of ${String(Math.round(ceiling.bytes / 2 ** 20))} MB, --memory sets another`;
}
