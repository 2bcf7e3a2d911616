import { describe, expect, test } from 'vitest';
import { isAlive } from '../support/leftovers.ts';
import { MODES, Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  NAMES,
  threeSleepers,
  living,
  status,
  pidOf,
  runs,
  output,
  STOPPED_BY_OTHER,
  expectTruth,
  expectDone,
  expectCleanStop,
} from './sleepers.ts';

describe.each(MODES)('in %s mode', (mode) => {
  const env = { DEVCTL_MODE: mode };

  test('two starts at once make one set of services', async () => {
    await using rig = threeSleepers();
    const both = await Promise.all([rig.devctl('start', { env }), rig.devctl('start', { env })]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(living(rig)).toEqual(NAMES);
    expect(NAMES.map((name) => runs(rig, name))).toEqual([1, 1, 1]);
    await expectTruth(rig, 'after two starts');
  });

  test('a start and a stop at once end in the state that the later one made', async () => {
    await using rig = threeSleepers();
    for (let trial = 0; trial < 5; trial += 1) {
      const [started, stopped] = await Promise.all([rig.devctl('start', { env }), rig.devctl('stop')]);
      expect(stopped.code, rig.history).toBe(0);
      if (stopped.stdout.includes('Nothing was running')) {
        expect(started.code, rig.history).toBe(0);
        expect(living(rig)).toEqual(NAMES);
      } else {
        expect(started.code, rig.history).toBe(1);
        expect(output(started)).toMatch(STOPPED_BY_OTHER);
        expect(living(rig)).toEqual([]);
      }
      await expectTruth(rig, 'after start and stop');
      await expectCleanStop(rig, 'after start and stop');
    }
  });

  test('a stop ends a start that waits, which says so', async () => {
    await using rig = threeSleepers();
    rig.write({ 'devctl.yml': `services: { web: { port: ${String(await Rig.freePort())} } }\n` });
    for (let trial = 0; trial < 8; trial += 1) {
      const waiting = rig.devctl('start', { env });
      await waitFor('the services', () => living(rig).length === NAMES.length);
      expectDone(await rig.devctl('stop'));
      const started = await waiting;
      expect(started.code).toBe(1);
      expect(output(started)).toMatch(STOPPED_BY_OTHER);
      expect(rig.leftovers()).toEqual([]);
    }
  });

  test('two starts and a restart at once leave one healthy set of services', async () => {
    await using rig = threeSleepers();
    const [first, second, restarted] = await Promise.all([
      rig.devctl('start', { env }),
      rig.devctl('start', { env }),
      rig.devctl('restart', { env }),
    ]);
    expect(restarted.code, rig.history).toBe(0);
    for (const started of [first, second]) {
      if (started.code !== 0) expect(output(started), rig.history).toMatch(STOPPED_BY_OTHER);
    }
    expect(living(rig)).toEqual(NAMES);
    expect(await status(rig)).toMatchObject({ verdict: 'healthy' });
  });

  test.each([
    ['start', false],
    ['restart', true],
    ['stop', true],
  ])(
    'after kill -9 of devctl %s at any moment status tells the truth and stop leaves nothing',
    async (command, isUp) => {
      await using rig = threeSleepers();
      for (const delayMs of [10, 60, 90, 110, 130, 150, 170, 200, 230, 270, 320, 400]) {
        const what = `${command} killed after ${String(delayMs)} ms`;
        if (isUp) expectDone(await rig.devctl('start --no-wait', { env }), what);
        // --foreground: to devctl alone, as kill -9 does; without it the group dies with it.
        await rig.sh(`timeout --foreground -s KILL ${String(delayMs / 1000)} $DEVCTL ${command}`, { env });
        await expectTruth(rig, what);
        await expectCleanStop(rig, what);
      }
      expectDone(await rig.devctl('start', { env }));
      expect(living(rig)).toEqual(NAMES);
    },
    180_000,
  );

  test('a Procfile edited meanwhile: status names what differs, and restart brings it up to date', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'same: exec sleep 600\nold: exec sleep 600\ngone: exec sleep 600\n' });
    expectDone(await rig.devctl('start', { env }));
    rig.write({ 'Procfile.dev': 'same: exec sleep 600\nold: touch changed; exec sleep 600\nnew: touch added; exec sleep 600\n' });
    const definitions = async () =>
      Object.fromEntries((await status(rig)).services.map(({ name, state, definition }) => [name, `${definition}, ${state}`]));
    expect(await definitions()).toEqual({
      same: 'current, running',
      old: 'stale, running',
      gone: 'removed, running',
      new: 'added, stopped',
    });
    const said = (await rig.devctl('status')).stdout;
    expect(said).toMatch(/old runs an older definition/);
    expect(said).toMatch(/new is new in the Procfile/);
    expect(said).toMatch(/gone is no longer in the Procfile/);

    expectDone(await rig.devctl('restart', { env }));
    expect(await definitions()).toEqual({ same: 'current, running', old: 'current, running', new: 'current, running' });
    expect([rig.has('changed'), rig.has('added')]).toEqual([true, true]);
  });

  test.each([
    ['was stopped', (rig: Rig) => rig.devctl('stop worker')],
    ['was killed', async (rig: Rig) => process.kill((await pidOf(rig, 'worker')) ?? 0, 'SIGKILL')],
  ])('start brings back the one service that %s and leaves the others alone', async (_, end) => {
    await using rig = threeSleepers();
    expectDone(await rig.devctl('start', { env }));
    const others = async () => [await pidOf(rig, 'web'), await pidOf(rig, 'clock')];
    const before = await others();
    await end(rig);
    await waitFor('the end of the worker', () => !living(rig).includes('worker'));
    await expectTruth(rig, 'without the worker');
    expectDone(await rig.devctl('start', { env }));
    expect(await others()).toEqual(before);
    expect(living(rig)).toEqual(NAMES);
    expect(NAMES.map((name) => runs(rig, name))).toEqual([1, 2, 1]);
  });

  test.each([
    ['its command has crashed', 'node crash.js'],
    ['its shell has crashed', 'setsid sleep 600 & echo $! >>helpers; until [ -e go ]; do sleep 0.05; done; exit 3'],
  ])('start ends what a service left when %s, and starts it anew', async (_, command) => {
    await using rig = Rig.create({
      'crash.js': `const { spawn } = require('node:child_process');
const { appendFileSync, existsSync } = require('node:fs');
const helper = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
appendFileSync('helpers', helper.pid + '\\n');
setInterval(() => { if (existsSync('go')) process.kill(process.pid, 'SIGKILL'); }, 50);
`,
      'Procfile.dev': `web: ${command}\nother: exec sleep 600\n`,
    });
    const helpers = () => (rig.has('helpers') ? rig.read('helpers').split('\n').filter(Boolean).map(Number) : []);
    const web = async () => (await status(rig)).services.find((service) => service.name === 'web');
    expectDone(await rig.devctl('start', { env }));
    const [before, other] = [await pidOf(rig, 'web'), await pidOf(rig, 'other')];
    rig.write({ go: '' });
    await waitFor('the crash', () => !isAlive(before ?? 0));
    await waitFor('status to see it', async () => (await web())?.state !== 'running');
    await rig.sh('rm go');

    expectDone(await rig.devctl('start', { env }));
    expect(await web()).toMatchObject({ state: 'running' });
    expect(helpers()).toHaveLength(2);
    expect(helpers().map(isAlive)).toEqual([false, true]);
    expect(await pidOf(rig, 'other')).toBe(other);
  });

  test('start runs a service that ends at once only once', async () => {
    const names = ['first', 'second', 'third'];
    await using rig = Rig.create({
      'Procfile.dev': `${names.map((name) => `${name}: echo run >>${name}.runs\n`).join('')}a: exec sleep 600\nb: exec sleep 600\n`,
      'devctl.yml': 'services: { first: { oneShot: true }, second: { oneShot: true }, third: { oneShot: true } }\n',
    });
    for (let trial = 1; trial <= 10; trial += 1) {
      expectDone(await rig.devctl('start --no-wait', { env }));
      await waitFor('all to have run', () => names.every((name) => runs(rig, name) >= trial));
      expectDone(await rig.devctl('stop'));
      expect(names.map((name) => runs(rig, name))).toEqual(names.map(() => trial));
    }
  });
});
