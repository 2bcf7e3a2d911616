import type { Machine } from '../machine/machine.ts';
import type { Suspect } from '../ownership/suspect.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import { observeProcesses } from '../services/observe.ts';
import { findQuietSuspects } from '../services/suspects.ts';
import { countEnded, NOBODY, type Ended } from './end.ts';
import type { LayerReport, Patience } from './options.ts';
import { isInScope, type StopScope } from './scope.ts';
import { endSuspects } from './end-suspects.ts';

export interface PatternLayerOutcome {
  report: LayerReport;
  /** Probable, and left alone, for nobody asked for their end. */
  left: Suspect[];
  /** Those whose end was asked for. */
  ended: Ended;
}

/**
 * What is left to look at: processes that are probably ours by folder, session or command line, narrowed by the name
 * patterns where there are any. A name alone is no evidence, so that who only has the name is not even looked at.
 */
export async function endByPatterns(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  scope: StopScope,
  isForced: boolean,
  patience: Patience,
): Promise<PatternLayerOutcome> {
  const look = () => {
    const sight = observeProcesses(machine, project, record);
    const quiet = findQuietSuspects(machine, project.root, sight);
    return { claim: sight.claim, suspects: quiet.filter((suspect) => isInScope(scope, suspect)) };
  };
  const seen = look();
  const found = seen.suspects.length;
  if (!isForced || found === 0) {
    const done = found === 0 ? 'nothing to do' : 'left alone: not ours for certain';
    return { report: { layer: 'pattern', found, done, left: found }, left: seen.suspects, ended: NOBODY };
  }
  const ended = await endSuspects(machine, seen.suspects, { kind: 'probable' }, seen.claim, patience);
  const left = look().suspects;
  const done = `ended ${String(countEnded(ended))}`;
  return { report: { layer: 'pattern', found, done, left: left.length }, left, ended };
}
