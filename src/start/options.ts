import type { Service } from '../project/service.ts';
import type { StopOutcome } from '../stop/options.ts';
import type { StartRequest } from './facts.ts';
import type { StartPlan } from './plan.ts';
import type { SpawnContext } from './spawn.ts';
import type { Progress } from './progress.ts';

export interface StartOptions extends StartRequest {
  formation: Record<string, number>;
  timeoutMs: number;
  /** Return when everything is spawned. */
  noWait: boolean;
  /** After a failure, leave what this start started. */
  keepOnFailure: boolean;
  /** The command as it was typed, for whoever meets our lock or our stop. */
  command: string;
  terminal: { columns: number; rows: number };
  onProgress: (progress: Progress[]) => void;
}

export interface StartOutcome {
  plan: StartPlan;
  runId: string;
  services: Progress[];
  cleaned: StopOutcome | undefined;
  notes: string[];
  seconds: number;
}

export interface Begun {
  context: SpawnContext;
  plan: StartPlan;
  services: Service[];
  cleaned: StopOutcome | undefined;
  notes: string[];
}
