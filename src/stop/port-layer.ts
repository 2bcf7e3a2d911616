import type { Machine } from '../machine/machine.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import { observeProcesses } from '../services/observe.ts';
import { findHeldPorts, type HeldPort } from '../services/suspects.ts';
import type { LayerReport, Patience } from './options.ts';
import { countEnded, NOBODY, type Ended } from './end.ts';
import { isInScope, type StopScope } from './scope.ts';
import { endSuspects } from './end-suspects.ts';

/** How long a port may stay bound after the last process that we know to have it is gone. */
const FREE_PATIENCE_MS = 1000;

export interface PortLayerOutcome {
  report: LayerReport;
  /** Not free, and a reason to say that the stop is not complete. */
  held: HeldPort[];
  /** Not free, and nobody's business: told, no more. */
  foreign: HeldPort[];
  /** Those whose end was asked for. */
  ended: Ended;
}

/** The run was in another network: the same numbers here are other ports. */
export const PORTS_ELSEWHERE: PortLayerOutcome = {
  report: { layer: 'port', found: 0, done: 'not looked at: the run is in another network namespace', left: 0 },
  held: [],
  foreign: [],
  ended: NOBODY,
};

/**
 * Looks at our ports after all that is certain has ended. A probable holder is ended where that was asked for; a stranger
 * never. Waits for the ports that this run had.
 */
export async function freePorts(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  scope: StopScope,
  isForced: boolean,
  patience: Patience,
): Promise<PortLayerOutcome> {
  const { clock } = machine;
  const look = () => {
    const sight = observeProcesses(machine, project, record);
    return { claim: sight.claim, ports: findHeldPorts(machine, project.root, sight, scope.ports) };
  };
  let seen = look();
  const found = seen.ports.length;
  let ended = NOBODY;
  if (isForced && found > 0) {
    const holders = seen.ports.flatMap(({ suspects }) => suspects).filter((suspect) => isInScope(scope, suspect));
    ended = await endSuspects(machine, holders, { kind: 'probable' }, seen.claim, patience);
    seen = look();
  }
  const end = clock.elapsed() + FREE_PATIENCE_MS;
  const isPending = ({ port, suspects }: HeldPort) => scope.hadPorts.has(port) && suspects.length === 0;
  while (seen.ports.some(isPending) && clock.elapsed() < end) {
    await clock.sleep(20);
    seen = look();
  }
  const held = seen.ports.filter((one) => isOurConcern(one, scope));
  const foreign = seen.ports.filter((one) => !isOurConcern(one, scope));
  const done = ended.found > 0 ? `ended ${String(countEnded(ended))}` : found === 0 ? 'nothing to do' : describeLeft(held.length);
  return { report: { layer: 'port', found, done, left: held.length }, held, foreign, ended };
}

function describeLeft(left: number): string {
  return left > 0 ? 'left alone: not ours for certain' : 'left alone: foreign';
}

/** A port that the run had must be free; one that it only wanted may be somebody else's, unless that is probably ours. */
function isOurConcern({ port, suspects }: HeldPort, { ports, hadPorts, isLive }: StopScope): boolean {
  const isDeclared = ports.some((candidate) => candidate.port === port && candidate.why === 'declared');
  return hadPorts.has(port) || (isLive && isDeclared) || suspects.some((suspect) => suspect.class === 'probable');
}
