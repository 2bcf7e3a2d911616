import type { Machine } from '../machine/machine.ts';
import type { RunRecord } from '../project/run-record.ts';
import { type Finding } from './finding.ts';
import { checkState } from './state.ts';
import { checkLimits, checkMark, checkPlatform, checkSandbox } from './system.ts';
import { checkTools } from './tools.ts';

export interface DoctorRequest {
  /** The run of the project in which it was called. */
  record: RunRecord | undefined;
  isFixing: boolean;
  platform: string;
}

/** Looks at everything that devctl needs of the machine, and at what it has left on it. */
export async function examine(machine: Machine, { record, isFixing, platform }: DoctorRequest): Promise<Finding[]> {
  const isPortable = platform !== 'linux' || machine.env['DEVCTL_PROBE'] === 'portable';
  return [
    ...(await checkTools(machine, isPortable)),
    await checkMark(machine, isPortable),
    ...checkLimits(machine),
    ...(await checkState(machine, isFixing)),
    checkSandbox(machine, record),
    checkPlatform(platform, isPortable),
  ];
}
