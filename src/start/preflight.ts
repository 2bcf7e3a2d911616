import type { Machine } from '../machine/machine.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import { fail, ok, type Result } from '../result.ts';
import { observeProcesses } from '../services/observe.ts';
import { describeHeld, findHeldPorts } from '../services/suspects.ts';
import { endRoots, endSuspects, limitsOf } from '../stop/end-suspects.ts';
import { describeSurvivor } from '../stop/survivor.ts';
import { seenProcess, type SeenProcess, type StartFacts } from './facts.ts';
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
    const { left } = await endRoots(machine, plan.endStrays, limitsOf(machine, facts.claim));
    if (left.length > 0)
      return fail({ code: 'SURVIVORS', survivors: left.map((owned) => describeSurvivor(machine, owned)), held: [] });
    notes.push(`ended ${list(plan.endStrays.map((owned) => seenProcess(machine, owned)))}: ours, of no service, and in the way`);
  }
  for (const { port, by, processes } of plan.take) {
    const held = facts.held.find((one) => one.port === port);
    if (held) await endSuspects(machine, held.suspects, held.permission, facts.claim);
    notes.push(
      by === 'orphaned-servers'
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
  const [holder = { port: still.port }] = describeHeld(machine, still);
  const service = wanted.find(({ port }) => port === still.port)?.service;
  return fail({ code: 'PORT_HELD', ...(service === undefined ? {} : { service }), holder, isTaken: true, notes });
}

const list = (processes: SeenProcess[]): string =>
  processes.map(({ pid, command, evidence }) => `pid ${String(pid)} ${command} (${evidence})`).join(', ');
