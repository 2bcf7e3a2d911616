import type { Machine } from '../../machine/machine.ts';
import { keyOf, type Pipes, type ProcessIdentity, type ProcessInfo } from '../../machine/processes.ts';
import { growTree, plantTree, type AgentTreeView, type Member } from '../../ownership/agent-tree.ts';
import type { GovernorEvent } from './events.ts';
import { programOf } from '../../ownership/programs.ts';
import { openHold } from './hold.ts';
import { findHung, type Hung, type Marks } from './hung.ts';
import { findJobs, type Job } from './jobs.ts';
import { FRESH_PACE, nextPace } from './pace.ts';
import { nextOrders } from './plan.ts';

export interface GovernorRequest {
  agent: ProcessIdentity;
  limit: number;
  onEvent: (event: GovernorEvent) => void;
  /** Ends a hung tool, and says whether it is gone; absent: it is only reported. */
  endHung: ((hung: Hung) => Promise<boolean>) | undefined;
}

export interface Governor {
  /** Looks, and gives the next orders, if anything can have changed. */
  tick(): void;
  /** Is anybody stopped? */
  isHolding(): boolean;
  /** Continues everything. */
  release(): void;
}

/** Without a birth nobody new can be over the limit; but who runs ends, and who stands still shows. */
const LOOK_AT_LEAST_EVERY_MS = 1000;
/** A process is born with its parent's pipes. */
const OWN_PIPES_AFTER_SECONDS = 1;
/** Those of processes that are gone are forgotten with all others. */
const MAX_KNOWN_PIPES = 5000;

/**
 * Holds the work of an agent's tree below a soft limit: the newest jobs are stopped, and continued as others end. The loop
 * around it decides how often.
 */
export function makeGovernor(machine: Machine, { agent, limit, onEvent, endHung }: GovernorRequest): Governor {
  const { processes, clock } = machine;
  const hold = openHold(machine, onEvent);
  const view = treeView(machine);
  const pipesOf = rememberPipes(machine);
  const hungWatch = watchHung(machine, pipesOf, { onEvent, endHung });
  let tree = plantTree(agent);
  let pace = FRESH_PACE;
  let births: string | undefined;
  let lookedMs = -Infinity;

  function look(): void {
    const nowMs = clock.elapsed();
    const before = workOf(tree.members);
    tree = growTree(tree, { ...view, table: processes.scan({ since: agent.start, evidence: 'mark', logs: [] }) });
    const { members } = tree;
    hold.keepOnly(members);
    const work = workOf(members);
    const crew = findJobs(members, pipesOf);
    const running = crew.jobs.filter((job) => !job.processes.some((process) => hold.isHeld(process)));
    const { pace: newPace, isStanding } = nextPace(pace, running, hold.held.queued.size > 0, nowMs);
    pace = newPace;
    const orders = nextOrders({ nowMs, limit, crew, held: hold.held, isStanding, stands: pace.stands });
    hold.carryOut(orders, members, nowMs);
    const ending = hungWatch(running, nowMs);
    onEvent({
      kind: 'look',
      members: members.map(({ process }) => process),
      running: orders.running,
      waiting: orders.waiting,
      started: [...work.keys()].filter((key) => !before.has(key)).length,
      ended: [...before.keys()].filter((key) => !work.has(key) && !ending.has(key)).length,
    });
    lookedMs = nowMs;
  }

  const isHolding = () => hold.held.queued.size + hold.held.paused.size > 0;
  return {
    isHolding,
    tick: () => {
      const newBirths = processes.births();
      const isDue = clock.elapsed() - lookedMs >= LOOK_AT_LEAST_EVERY_MS;
      const isQuiet = newBirths !== undefined && newBirths === births && !isHolding();
      births = newBirths;
      if (!isQuiet || isDue) look();
    },
    release: () => {
      hold.release();
    },
  };
}

function workOf(members: Member[]): Map<string, ProcessInfo> {
  return new Map(members.flatMap(({ process, role }) => (role === 'work' ? [[keyOf(process), process]] : [])));
}

function treeView({ processes }: Machine): Omit<AgentTreeView, 'table'> {
  return {
    argvOf: (pid) => processes.argv(pid),
    marksOf: (pid) => {
      const found = processes.variables([pid], ['CLAUDE_PID', 'DEVCTL_SESSION', 'DEVCTL_RUN_DIR']).get(pid) ?? {};
      const isDevctls = found.DEVCTL_SESSION !== undefined || found.DEVCTL_RUN_DIR !== undefined;
      return { agentPid: found.CLAUDE_PID === undefined ? undefined : Number(found.CLAUDE_PID), isDevctls };
    },
    ageSeconds: (identity) => processes.ageSeconds(identity),
  };
}

/** Asks each process once, as soon as it is what it is. */
function rememberPipes({ processes }: Machine): (process: ProcessInfo) => Pipes {
  const known = new Map<string, Pipes>();
  return (process) => {
    if (known.size > MAX_KNOWN_PIPES) known.clear();
    const key = keyOf(process);
    const found = known.get(key) ?? processes.pipes(process.pid);
    if (processes.ageSeconds(process) >= OWN_PIPES_AFTER_SECONDS) known.set(key, found);
    return found;
  };
}

/** Reports each hung tool once, and has it ended where that is wanted; returns those that are being ended. */
function watchHung(
  { processes }: Machine,
  pipesOf: (process: ProcessInfo) => Pipes,
  { onEvent, endHung }: Pick<GovernorRequest, 'onEvent' | 'endHung'>,
): (running: Job[], nowMs: number) => ReadonlySet<string> {
  const told = new Set<string>();
  let marks: Marks = new Map();
  return (jobs, nowMs) => {
    const found = findHung(marks, {
      nowMs,
      jobs,
      nameOf: ({ pid }) => programOf(processes.argv(pid)),
      ioBytesOf: ({ pid }) => processes.ioBytes(pid),
      isFed: (process) => pipesOf(process).reads !== undefined,
    });
    marks = found.marks;
    for (const hung of found.hung.filter(({ process }) => !told.has(keyOf(process)))) {
      told.add(keyOf(hung.process));
      onEvent({ kind: 'hung', hung });
      void endHung?.(hung).then(
        (isGone) => {
          if (isGone) onEvent({ kind: 'hung-ended', hung });
        },
        () => {
          // It was told that it hangs; nobody waits for its end.
        },
      );
    }
    return endHung ? told : new Set();
  };
}
