import type { Machine } from '../machine/machine.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import { fail, ok, type Result } from '../result.ts';
import { observeProcesses } from '../services/observe.ts';
import { describeHeld, findHeldPorts } from '../services/suspects.ts';
import { endProcesses } from '../stop/end.ts';
import { endSuspects } from '../stop/end-suspects.ts';
import type { Permission } from '../ownership/target.ts';
import { DEFAULTS } from '../project/settings.ts';
import type { StartFacts } from './facts.ts';
import type { StartPlan } from './plan.ts';

/** Ends what stands in the way of the plan's ports and may be ended for it, by the engine of every stop; says what it did. */
export async function clearPorts(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  facts: StartFacts,
  plan: StartPlan,
): Promise<Result<string[]>> {
  const notes: string[] = [];
  if (plan.endStrays.length > 0) {
    await endStrays(machine, project, record);
    notes.push(`ended ${list(plan.endStrays)}: ours, of no service, and in the way`);
  }
  for (const { port, by, processes } of plan.take) {
    const suspects = facts.held.find((held) => held.port === port)?.suspects ?? [];
    const permission: Permission = by === 'orphaned-server' ? { kind: 'orphaned-servers' } : { kind: 'ports', ports: [port] };
    await endSuspects(machine, suspects, permission, facts.claim);
    notes.push(
      by === 'orphaned-server'
        ? `ended a server from before on port ${String(port)}: ${list(processes)}`
        : `took port ${String(port)} from ${list(processes)}`,
    );
  }
  if (plan.take.length === 0) return ok(notes);

  const wanted = plan.take.map(({ port, service }) => ({
    port,
    ...(service === undefined ? {} : { service }),
    why: 'declared' as const,
  }));
  const [still] = findHeldPorts(machine, project.root, observeProcesses(machine, project, record), wanted);
  if (!still) return ok(notes);
  const [holder] = describeHeld(machine, still);
  const service = wanted.find(({ port }) => port === still.port)?.service;
  return fail({ code: 'PORT_HELD', service: service ?? '?', holder: holder ?? { port: still.port }, isTaken: true });
}

/** Processes that are ours for certain, and of no service that the record knows. */
async function endStrays(machine: Machine, project: Project, record: RunRecord | undefined): Promise<void> {
  const known = new Set((record?.defined ?? []).map((service) => service.name).concat(Object.keys(record?.services ?? {})));
  await endProcesses(machine, {
    look: () =>
      observeProcesses(machine, project, record).owned.filter(
        ({ role, service }) => role !== 'infrastructure' && (service === undefined || !known.has(service)),
      ),
    graceMs: () => DEFAULTS.graceMs,
    signal: () => 'TERM',
  });
}

const list = (processes: { pid: number; command: string; evidence: string }[]): string =>
  processes.map(({ pid, command, evidence }) => `pid ${String(pid)} ${command} (${evidence})`).join(', ');
