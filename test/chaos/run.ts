import type { TestMode } from '../support/rig.ts';
import { makePlan, type PlanOptions } from './plan.ts';
import { Season, SEASON_TRIALS } from './season.ts';
import { runTrial, type Outcome } from './trial.ts';

export interface ChaosRequest extends PlanOptions {
  trials: number;
  /** Of the first trial; each next one has the next number. */
  seed: number;
  jobs: number;
  onTrial: (outcome: Outcome) => void;
}

export interface Summary {
  trials: number;
  signals: number;
  survivors: number;
  decoysLost: number;
  failed: Outcome[];
  stopMs: { median: number; p95: number; max: number };
  seconds: number;
}

/** Runs trials in some lanes; each lane has its own decoys. */
export async function runChaos(request: ChaosRequest): Promise<Summary> {
  const began = Date.now();
  const outcomes: Outcome[] = [];
  let next = 0;
  const runLane = async () => {
    while (next < request.trials) {
      await using season = await Season.open(request.mode ?? modeOf(request.seed + next));
      for (let trial = 0; trial < SEASON_TRIALS && next < request.trials; trial += 1) {
        const plan = makePlan(request.seed + next++, request);
        const outcome = await runTrial(plan, season);
        outcomes.push(outcome);
        request.onTrial(outcome);
      }
    }
  };
  await Promise.all(Array.from({ length: request.jobs }, runLane));
  return summarize(outcomes, (Date.now() - began) / 1000);
}

function modeOf(seed: number): TestMode {
  return seed % 2 === 0 ? 'direct' : 'tmux';
}

function summarize(outcomes: Outcome[], seconds: number): Summary {
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const stops = outcomes.map(({ stopMs }) => stopMs).sort((a, b) => a - b);
  const at = (share: number) => stops[Math.min(stops.length - 1, Math.floor(stops.length * share))] ?? 0;
  return {
    trials: outcomes.length,
    signals: sum(({ signals }) => signals),
    survivors: sum(({ survivors }) => survivors),
    decoysLost: sum(({ decoysLost }) => decoysLost),
    failed: outcomes.filter(({ failures }) => failures.length > 0),
    stopMs: { median: at(0.5), p95: at(0.95), max: at(1) },
    seconds,
  };
}

/** What a person reads; the same in the terminal and in docs. */
export function tell({ trials, signals, survivors, decoysLost, failed, stopMs, seconds }: Summary): string {
  const pace = ((seconds * 1000) / Math.max(1, trials)).toFixed(0);
  return (
    `${String(trials)} trials, ${String(signals)} signals, ${String(survivors)} survivors, ${String(decoysLost)} decoys lost, ` +
    `${String(failed.length)} trials failed; stop ${String(stopMs.median)} ms median, ${String(stopMs.p95)} p95, ` +
    `${String(stopMs.max)} max; ${seconds.toFixed(0)} s, ${pace} ms a trial`
  );
}

export function tellFailure({ plan, failures }: Outcome): string {
  const again = `npm run chaos -- --trials 1 --seed ${String(plan.seed)} --mode ${plan.mode}${plan.killKeepers ? ' --kill-keepers' : ''}`;
  return `seed ${String(plan.seed)} failed. Again: ${again}\n${JSON.stringify(plan)}\n${failures.join('\n')}\n`;
}
