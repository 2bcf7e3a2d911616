import { describe, expect, test } from 'vitest';
import { MODES, Rig, type RunOptions } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

const HOUR_MS = 3_600_000;
const STEPS = [
  { name: 'five hours ahead', stepMs: 5 * HOUR_MS },
  { name: 'five hours back', stepMs: -5 * HOUR_MS },
];

/** The wall clock of one devctl: it is moved when `go` appears, or from the start. Timers go on, as they do when an administrator moves it. */
const CLOCK = `const { existsSync } = require('node:fs');
const { now } = Date;
const step = Number(process.env.CLOCK_STEP_MS);
let moved = process.env.CLOCK_STEP_AT === undefined;
Date.now = () => now() + ((moved ||= existsSync(process.env.CLOCK_STEP_AT)) ? step : 0);
globalThis.Date = new Proxy(Date, {
  construct: (target, args) => (args.length === 0 ? new target(Date.now()) : new target(...args)),
});
`;

const PROCFILE = 'web: echo hello; exec sleep 86431\nworker: sleep 86432 & wait\n';

function steppedRig(files: Record<string, string>): Rig {
  return Rig.create({ 'clock.cjs': CLOCK, ...files });
}

/** Commands of this devctl see the wall clock moved; `at`: only once this file is there. */
function moved(rig: Rig, stepMs: number, at?: string): RunOptions['env'] & object {
  return {
    NODE_OPTIONS: `--require ${rig.project}/clock.cjs`,
    CLOCK_STEP_MS: String(stepMs),
    ...(at === undefined ? {} : { CLOCK_STEP_AT: `${rig.project}/${at}` }),
  };
}

interface Status {
  verdict: string;
  services: { state: string; pid: number; uptimeSeconds: number }[];
}

describe.concurrent.each(MODES)('in %s mode', (mode) => {
  const env = { DEVCTL_MODE: mode };

  test.each(STEPS)('a wall clock that was set $name since the start changes nobody’s identity', async ({ stepMs }) => {
    await using rig = steppedRig({ 'Procfile.dev': PROCFILE });
    expect((await rig.devctl('start', { env })).code).toBe(0);
    const before = await rig.json<Status>('status');
    const later = { env: { ...env, ...moved(rig, stepMs) } };

    const status = await rig.json<Status>('status', later);
    expect(status.verdict).toBe('healthy');
    expect(status.services.map(({ pid }) => pid)).toEqual(before.services.map(({ pid }) => pid));
    for (const { uptimeSeconds } of status.services) {
      expect(uptimeSeconds).toBeGreaterThanOrEqual(0);
      expect(uptimeSeconds).toBeLessThan(60);
    }
    const again = await rig.devctl('start', later);
    expect(again.stdout).toContain('already up');
    expect(again.stdout).not.toContain('expected');
    expect((await rig.devctl('logs web', later)).stdout).toContain('hello');
    expect(await rig.devctl('stop', later)).toMatchObject({ code: 0, stderr: '' });
    expect(rig.leftovers()).toEqual([]);
  });

  test.each(STEPS)('what was started with the clock $name is found and stopped with the right one', async ({ stepMs }) => {
    await using rig = steppedRig({ 'Procfile.dev': PROCFILE });
    expect((await rig.devctl('start', { env: { ...env, ...moved(rig, stepMs) } })).code).toBe(0);
    expect(await rig.json('status')).toMatchObject({ verdict: 'healthy' });
    const again = await rig.devctl('start', { env });
    expect(again.stdout).toContain('already up');
    expect(again.stdout).not.toContain('expected');
    expect(await rig.devctl('stop')).toMatchObject({ code: 0, stderr: '' });
    expect(rig.leftovers()).toEqual([]);
  });

  test.each(STEPS)('a clock set $name during a stop neither cuts a clean-up nor keeps a deaf service', async ({ stepMs }) => {
    await using rig = steppedRig({
      'Procfile.dev': `clean: trap 'touch asked; sleep 1; touch cleaned; exit' TERM; touch clean.up; while :; do sleep 0.1; done
deaf: trap '' TERM; touch deaf.up; while :; do sleep 0.1; done\n`,
      'devctl.yml': 'services: { deaf: { grace: 1s } }\n',
    });
    expect((await rig.devctl('start', { env })).code).toBe(0);
    await waitFor('the traps', () => rig.has('clean.up') && rig.has('deaf.up'));
    const stopped = await rig.devctl('stop', { env: { ...env, ...moved(rig, stepMs, 'asked') }, timeoutMs: 15_000 });
    expect(stopped).toMatchObject({ code: 0, stderr: '' });
    expect(rig.has('cleaned')).toBe(true);
    expect(rig.leftovers()).toEqual([]);
  });

  test.each(STEPS)('a clock set $name during a start shortens and lengthens no wait', async ({ stepMs }) => {
    const port = await Rig.freePort();
    await using rig = steppedRig({
      'server.js': `setTimeout(() => require('node:net').createServer().listen(${String(port)}, '127.0.0.1'), 1000);`,
      'Procfile.dev': 'web: sleep 0.6; touch up; exec node server.js\n',
      'devctl.yml': `services: { web: { port: ${String(port)} } }\n`,
    });
    const there = { env: { ...env, ...moved(rig, stepMs, 'up') }, timeoutMs: 20_000 };
    expect(await rig.devctl('start --timeout 10s', there)).toMatchObject({ code: 0, stderr: '' });
    expect((await rig.devctl('stop')).code).toBe(0);

    rig.write({ 'server.js': 'setInterval(() => undefined, 1000);' });
    await rig.sh('rm up');
    const late = await rig.devctl('start --timeout 2s', there);
    expect(late.code, late.stdout).toBe(1);
    expect(late.ms).toBeGreaterThan(2000);
    expect(rig.leftovers()).toEqual([]);
  });
});
