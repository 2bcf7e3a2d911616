import type { Service } from '../../project/service.ts';
import type { StartPlan } from '../../start/plan.ts';
import type { StartOutcome } from '../../start/options.ts';
import type { Progress } from '../../start/progress.ts';
import { out } from './colors.ts';
import { upWord } from './live.ts';
import { shownPath } from './shown-path.ts';
import { renderTable } from './table.ts';
import { formatSeconds } from './units.ts';

/** What a start says at its end: a line per service with its address, then one sentence and what to type next. */
export function renderStart(outcome: StartOutcome, root: string): string {
  const { plan, services, seconds, notes } = outcome;
  const rows = services.map((one) => [out.bold(one.service), ...describe(one, plan.keep.includes(one.service))]);
  const changed = plan.spawn.length > 0;
  const up = services.filter((one) => one.kind === 'up').length;
  const sentence = changed
    ? `${count(services.length)} ${up === services.length ? 'up' : 'started'} in ${formatSeconds(seconds)} (${plan.mode} mode)`
    : `already up: ${count(services.length)}, nothing was touched`;
  const stale =
    plan.stale.length > 0
      ? [
          `${plan.stale.join(', ')} ${plan.stale.length === 1 ? 'runs' : 'run'} an older definition: devctl restart ${plan.stale.join(' ')}`,
        ]
      : [];
  const cleaned =
    outcome.cleaned && outcome.cleaned.layers.some((layer) => layer.layer === 'graceful' && layer.found > 0)
      ? ['ended what an earlier run had left']
      : [];
  const place = shownPath(root) === '' ? '' : `, project ${root}`;
  const next = plan.mode === 'tmux' ? 'devctl attach, devctl logs, devctl stop' : 'devctl logs, devctl status, devctl stop';
  return [
    renderTable(rows),
    ...[...cleaned, ...notes, ...stale].map((note) => `note: ${note}`),
    `${sentence}${place}. Next: ${next}`,
  ].join('\n');
}

function describe(one: Progress, wasUp: boolean): string[] {
  switch (one.kind) {
    case 'up': {
      const [first] = one.listeners;
      const url = first ? out.cyan(`http://localhost:${String(first.port)}`) : '';
      return [
        `${upWord(one)}${wasUp ? ' (was up)' : ''}${one.note === undefined ? '' : ` (${one.note})`}`,
        url,
        wasUp ? '' : out.dim(formatSeconds(one.seconds)),
      ];
    }
    case 'waiting':
      return [`started; not waited for`];
    case 'pending':
      return [`waits for ${one.after.join(', ')}`];
    case 'failed':
      return ['failed'];
  }
}

export function startData(outcome: StartOutcome, notes: string[]): unknown {
  return {
    runId: outcome.runId,
    mode: outcome.plan.mode,
    kept: outcome.plan.keep,
    started: outcome.plan.spawn,
    stale: outcome.plan.stale,
    seconds: outcome.seconds,
    services: outcome.services.map((one) => ({
      name: one.service,
      state: one.kind === 'up' ? one.how : one.kind,
      ...(one.kind === 'up'
        ? {
            seconds: one.seconds,
            ports: [...new Set(one.listeners.map((listener) => listener.port))],
            ...(one.listeners[0] ? { url: `http://localhost:${String(one.listeners[0].port)}` } : {}),
            ...(one.note === undefined ? {} : { note: one.note }),
          }
        : {}),
    })),
    notes,
  };
}

export function renderStartPlan(plan: StartPlan, services: Service[]): string {
  const rows = services.map((service) => [
    service.name,
    plan.keep.includes(service.name) ? 'is up' : 'would start',
    'port' in service.expects ? `port ${String(service.expects.port)} (${service.expects.kind})` : '',
    service.command,
  ]);
  const clean =
    plan.clean === 'nothing'
      ? []
      : [
          `would first end ${plan.clean === 'all' ? 'everything that an earlier run left' : `the leftovers of ${plan.clean.join(', ')}`}`,
        ];
  const take = [
    ...plan.endStrays.map(
      ({ process, evidence }) => `would first end pid ${String(process.pid)} ${process.comm} (ours: ${evidence.join(', ')})`,
    ),
    ...plan.take.flatMap(({ port, processes }) =>
      processes.map(
        ({ pid, command, evidence }) => `would first end pid ${String(pid)} ${command} (${evidence}) for port ${String(port)}`,
      ),
    ),
  ];
  return [
    renderTable(rows),
    ...clean,
    ...take,
    ...plan.notes.map((note) => `note: ${note}`),
    `Mode ${plan.mode}. Nothing was done.`,
  ].join('\n');
}

function count(n: number): string {
  return `${String(n)} service${n === 1 ? '' : 's'}`;
}
