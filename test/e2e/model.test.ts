import fc from 'fast-check';
import { describe, test } from 'vitest';
import { commands, expectCleanStop, Model } from '../support/model-commands.ts';
import { Real } from '../support/model-real.ts';
import { MODES } from '../support/rig.ts';

/**
 * A failure prints seed, path and replayPath: MODEL_SEED, MODEL_PATH and MODEL_REPLAY run exactly that again.
 * MODEL_RUNS for more; MODEL_SHRINK=1 looks for the shortest way to fail, which takes a while.
 */
const { MODEL_SEED, MODEL_PATH, MODEL_REPLAY, MODEL_RUNS, MODEL_SHRINK } = process.env;
const seed = MODEL_SEED === undefined ? Date.now() % 2 ** 31 : Number(MODEL_SEED);
const SECONDS = 35;
console.log(`model: MODEL_SEED=${String(seed)}`);

describe.concurrent.each(MODES)('in %s mode', (mode) => {
  test(`whatever happens, status tells the truth and stop leaves nothing (seed ${String(seed)})`, async () => {
    const steps = fc.commands(commands, {
      maxCommands: 16,
      size: 'max',
      ...(MODEL_REPLAY === undefined ? {} : { replayPath: MODEL_REPLAY }),
    });
    const begin = Date.now();
    const holds = fc.asyncProperty(steps, async (chosen) => {
      // On a slow machine fewer runs, not a longer test. (fast-check's own time limit leaves the last run to itself.)
      if (MODEL_RUNS === undefined && Date.now() - begin > SECONDS * 1000) return;
      await using real = await Real.create(mode);
      await fc.asyncModelRun(() => ({ model: new Model(), real }), chosen);
      await expectCleanStop(real);
    });
    await fc.assert(holds, {
      seed,
      numRuns: MODEL_RUNS === undefined ? 5 : Number(MODEL_RUNS),
      endOnFailure: MODEL_SHRINK === undefined,
      ...(MODEL_PATH === undefined ? {} : { path: MODEL_PATH }),
    });
  }, 600_000);
});
