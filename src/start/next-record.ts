import { randomBytes } from 'node:crypto';
import type { Machine } from '../machine/machine.ts';
import { callerOf } from '../project/caller.ts';
import type { Definitions } from '../project/definitions.ts';
import type { Project } from '../project/project.ts';
import { RECORD_SCHEMA, type RunRecord } from '../project/run-record.ts';
import { DEFAULTS } from '../project/settings.ts';
import type { StartFacts } from './facts.ts';
import type { StartPlan } from './plan.ts';
import type { StartOptions } from './options.ts';

/** The record of the live run, carried on, or a fresh one. */
export function nextRecord(
  machine: Machine,
  project: Project,
  definitions: Definitions,
  record: RunRecord | undefined,
  facts: StartFacts,
  plan: StartPlan,
  options: StartOptions,
): RunRecord {
  const common = {
    procfile: definitions.procfile,
    formation: options.formation,
    sources: definitions.sources,
    defined: definitions.services,
    ports: definitions.settings.ports ?? [],
    patterns: definitions.settings.patterns ?? [],
    logKeep: definitions.settings.logs?.keep ?? DEFAULTS.keepLogs,
    mode: plan.mode,
  };
  if (facts.live && record && plan.clean !== 'all') return { ...record, ...common };
  return {
    schema: RECORD_SCHEMA,
    runId: `${new Date(machine.clock.now()).toISOString().slice(0, 19).replace(/[-:]/g, '')}-${randomBytes(2).toString('hex')}`,
    root: project.root,
    projectId: project.id,
    ...machine.processes.world(),
    network: machine.processes.network(),
    ...carriedOver(machine, record),
    startedAt: new Date(machine.clock.now()).toISOString(),
    startedBy: callerOf(machine.env),
    services: {},
    wanted: [],
    ...common,
  };
}

/** Until a stop of everything is verified, what the oldest run left may still be there, and its tmux server is used again. */
function carriedOver({ processes }: Machine, record: RunRecord | undefined): Pick<RunRecord, 'since' | 'tmux'> {
  if (!record || record.ended) return { since: processes.now() };
  return { since: record.since, ...(record.tmux ? { tmux: record.tmux } : {}) };
}
