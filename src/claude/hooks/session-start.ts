import type { Machine } from '../../machine/machine.ts';
import type { ProcessInfo } from '../../machine/processes.ts';
import { openProject } from '../../project/open.ts';
import { ok } from '../../result.ts';
import { gatherStatus } from '../../status/gather.ts';
import { standing } from '../../status/report.ts';
import { lookForStrays } from '../../strays/gather.ts';
import { reportStrays, type StrayReport } from '../../strays/report.ts';
import { endStrays, isAbandoned } from '../../strays/sweep.ts';
import type { HookEvent } from './event.ts';

/** So many are told of. */
const MAX_STRAYS = 5;
const MAX_COMMAND = 60;
/** Above 15 kB, or so, Claude Code shows the model a file's name instead. */
const MAX_SERVICES = 12;
/** A session waits for its start: what does not heed SIGTERM is killed after this. */
const GRACE_MS = 1000;

/** What an agent is told at the start of a session: the environment's state, and what was left of sessions that are over. */
export async function sessionStart(machine: Machine, { cwd }: HookEvent, root: string | undefined): Promise<string> {
  const swept = await sweep(machine);
  const state = root === undefined ? [] : await describeState(machine, cwd);
  return [...state, ...swept].join('\n');
}

async function describeState(machine: Machine, cwd: string): Promise<string[]> {
  const opened = openProject(machine, { cwd, file: undefined });
  if (!opened.ok) return [];
  const live = opened.value.record?.ended ? undefined : opened.value.record;
  // Memory is not told here, and the proportional one is dear: a walk through every process's page tables.
  const processes = { ...machine.processes, memoryBytes: ({ rssBytes }: ProcessInfo) => rssBytes };
  const status = await gatherStatus({ ...machine, processes }, opened.value, () =>
    Promise.resolve(ok({ services: live?.defined ?? [] })),
  );
  if (!status.ok) return [];
  const { verdict, summary, services, next } = status.value;
  return [
    `devctl runs this project's services; ${verdict.toUpperCase()}: ${summary}. Next: ${next}`,
    ...services
      .slice(0, MAX_SERVICES)
      .map((service) => `  ${service.name} ${standing(service)}${service.url === undefined ? '' : ` ${service.url}`}`),
    'Start, stop and read servers only with devctl (start, stop, restart, status, logs, wait): "devctl start" is safe at any time and returns when they are ready. Never start them yourself, and never kill by name or port.',
  ];
}

/** Ends what is abandoned; what it may not end it lists. */
async function sweep(machine: Machine): Promise<string[]> {
  const strays = lookForStrays(machine);
  const abandoned = strays.filter(isAbandoned);
  const ended = abandoned.length === 0 ? [] : reportStrays(machine, abandoned);
  const left = abandoned.length === 0 ? [] : (await endStrays(machine, isAbandoned, GRACE_MS)).left;
  const isLeft = (pid: number) => left.some(({ process }) => process.pid === pid);
  return [
    ...list(
      'devctl ended what a session that is over had left behind:',
      ended.filter(({ pid }) => !isLeft(pid)),
    ),
    ...list(
      'Left behind by a session that is over, and left alone (devctl strays says why; devctl strays --end ends what nobody works with):',
      reportStrays(
        machine,
        strays
          .filter(({ kind, process }) => kind !== 'abandoned' || isLeft(process.pid))
          .sort((a, b) => Number(a.kind === 'shielded') - Number(b.kind === 'shielded')),
      ),
    ),
  ];
}

function list(title: string, strays: Pick<StrayReport, 'pid' | 'command'>[]): string[] {
  if (strays.length === 0) return [];
  const shown = strays.slice(0, MAX_STRAYS).map(({ pid, command }) => `  pid ${String(pid)} ${oneLine(command)}`);
  return [title, ...shown, ...(strays.length > shown.length ? [`  and ${String(strays.length - shown.length)} more`] : [])];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, MAX_COMMAND);
}
