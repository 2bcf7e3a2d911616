import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Decoys } from '../support/decoys.ts';
import { describe as describeAll, Enclosure } from '../support/enclosure.ts';
import { MODES } from '../support/rig.ts';
import { plantAll, STRIKES } from '../support/strikes.ts';
import { lacks, ZOO } from '../support/zoo.ts';

const PROBES = ['proc'];

const members = ZOO.filter((member) => lacks(member) === undefined);

const TRIALS = PROBES.flatMap((probe) =>
  MODES.flatMap((mode) =>
    STRIKES.filter(({ modes = MODES }) => modes.includes(mode)).map((strike) => ({ probe, mode, strike, title: strike.name })),
  ),
);

describe.skipIf(process.platform !== 'linux')('the zoo', () => {
  for (const member of ZOO) {
    const reason = lacks(member);
    if (reason !== undefined) test.skip(`${member.name} is missing: ${reason}`, () => undefined);
  }

  test.each(TRIALS)('$mode, $probe: $title', { timeout: 90_000 }, async ({ probe, mode, strike }) => {
    await using enclosure = await Enclosure.open({ members, mode, slowSeconds: 3, env: { DEVCTL_PROBE: probe } });
    await using decoys = new Decoys();
    const hasGuest = mode === 'tmux' && strike.sparesGuest === true;

    const ended = await strike.run(enclosure, async () => {
      await enclosure.waitUntilUp();
      await plantAll(enclosure, decoys, hasGuest);
    });
    expect(describeAll(enclosure.living()), ended.text).toBe('');
    expect(ended.code, ended.text).toBe(ended.expected);
    expect(await enclosure.heldPorts()).toEqual([]);
    expect(decoys.lost()).toEqual([]);
    if (hasGuest) expect(ended.text).toMatch(/the server stays/);
    expect(slowSignals(enclosure)).toEqual(['TERM', 'clean']);

    const again = await enclosure.devctl('start');
    expect(again, again.stdout + again.stderr).toMatchObject({ code: 0 });
    await enclosure.waitUntilUp();
    const stopped = await enclosure.devctl('stop --timeout 300ms');
    expect(stopped, stopped.stdout + stopped.stderr).toMatchObject({ code: 0 });
    expect(describeAll(enclosure.living())).toBe('');
    expect(await enclosure.heldPorts()).toEqual([]);
    expect(decoys.lost()).toEqual([]);

    if (!hasGuest) return;
    await decoys.sendGuestAway(enclosure);
    expect(await enclosure.devctl('stop')).toMatchObject({ code: 0 });
    expect(enclosure.ward.living()).toEqual([]);
    expect(existsSync(enclosure.tmuxSocket)).toBe(false);
  });
});

/** What the slow one was sent, without the hang-up that the end of a tmux server is. */
function slowSignals({ place }: Enclosure): string[] {
  const file = join(place.data, 'slow');
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  rmSync(file);
  return lines.filter((line) => line !== 'up' && line !== 'HUP');
}
