import { describe, test } from 'vitest';
import type { Step } from '../../src/machine/checkpoints.ts';
import { MODES, type Rig, type TestMode } from '../support/rig.ts';
import { expectCleanStop, expectDone, expectTruth, living, NAMES, threeSleepers } from './sleepers.ts';

/** Of every step that a command passes through: devctl dies there by SIGKILL, and whatever comes next copes. */
const STARTS: Step[] = [
  'start.locked',
  'start.cleaned',
  'start.intended',
  'start.prepared',
  'start.specified',
  'start.spawned',
  'start.recorded',
  'start.waiting',
  'start.up',
];
const STOPS: Step[] = ['stop.marked', 'stop.ask', 'stop.wait', 'stop.graceful', 'stop.removed', 'stop.forgotten'];
const KILLS: Step[] = ['stop.freeze', 'stop.kill'];

async function crash(rig: Rig, words: string, step: Step, mode: TestMode): Promise<void> {
  const { code, stdout, stderr } = await rig.devctl(words, { env: { DEVCTL_MODE: mode, DEVCTL_CRASH_AT: step } });
  if (code !== 137) throw new Error(`${words} did not reach ${step}: exit ${String(code)}\n${stdout}${stderr}`);
}

describe.each(MODES)('in %s mode, after a kill -9', (mode) => {
  const env = { DEVCTL_MODE: mode };

  test.each(STARTS)('of start at %s status tells the truth, and stop or start goes on from there', async (step) => {
    await using rig = threeSleepers();
    await crash(rig, 'start', step, mode);
    await expectTruth(rig, step);
    await expectCleanStop(rig, step);
    await crash(rig, 'start', step, mode);
    expectDone(await rig.devctl('start', { env }), step);
    if (living(rig).join() !== NAMES.join()) throw new Error(`${step}: ${living(rig).join()} live`);
  });

  test.each([...STOPS, ...(mode === 'tmux' ? (['stop.tmux', 'stop.end-keepers'] as const) : [])])(
    'of stop at %s status tells the truth, and stop ends the rest',
    async (step) => {
      await using rig = threeSleepers();
      expectDone(await rig.devctl('start --no-wait', { env }), step);
      await crash(rig, 'stop', step, mode);
      await expectTruth(rig, step);
      await expectCleanStop(rig, step);
    },
  );

  test.each(KILLS)('of a stop that had to kill, at %s, the next stop ends what was left frozen', async (step) => {
    await using rig = threeSleepers();
    expectDone(await rig.devctl('start --no-wait', { env }), step);
    await crash(rig, 'stop --timeout 0', step, mode);
    await expectTruth(rig, step);
    await expectCleanStop(rig, step);
  });

  test.each<Step>(['restart.stopped', 'start.intended', 'start.spawned', 'stop.graceful'])(
    'of restart at %s status tells the truth, and stop leaves nothing',
    async (step) => {
      await using rig = threeSleepers();
      expectDone(await rig.devctl('start --no-wait', { env }), step);
      await crash(rig, 'restart', step, mode);
      await expectTruth(rig, step);
      await expectCleanStop(rig, step);
    },
  );
});
