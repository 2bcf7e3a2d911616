import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Decoys } from '../support/decoys.ts';
import { Enclosure, tellAll, type Survivor } from '../support/enclosure.ts';
import { send } from '../support/process-tree.ts';
import { MODES } from '../support/rig.ts';
import { plantAll, STRIKES, type Ended } from '../support/strikes.ts';
import type { Warded } from '../support/ward.ts';
import { lacks, ZOO } from '../support/zoo.ts';

/** How devctl looks at the machine: by /proc, or as on macOS by ps and lsof, where there is no mark. */
const PROBES = ['proc', 'portable'] as const;

const here = ZOO.filter((member) => lacks(member) === undefined);
const isRoot = process.getuid?.() === 0;

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
    const hasMark = probe === 'proc';
    const members = here.filter(({ escapes }) => hasMark || !strike.isForeground || !escapes?.looksEnded);
    const env = { DEVCTL_PROBE: probe };
    // Without the mark a line that leaves a daemon has just ended, and the start has failed.
    await using enclosure = await Enclosure.open({
      members,
      mode,
      slowSeconds: 3,
      env,
      flags: hasMark ? '' : '--keep --timeout 5s',
    });
    await using decoys = new Decoys();
    const hasGuest = mode === 'tmux' && strike.sparesGuest === true;

    const ended = await strike.run(enclosure, async () => {
      await enclosure.waitUntilUp();
      await plantAll(enclosure, decoys, hasGuest);
    });
    await expectEnd(enclosure, ended, hasMark ? 'none' : strike.kills ? 'struck' : 'orderly');
    expect(decoys.lost()).toEqual([]);
    if (hasGuest && ended.code === 0) expect(ended.text).toMatch(/the server stays/);
    expect(slowSignals(enclosure)).toEqual(['TERM', 'clean']);

    expectCode(await enclosure.devctl(enclosure.startWords), hasMark ? [0] : [0, 1]);
    await enclosure.waitUntilUp();
    const { code, stdout, stderr } = await enclosure.stop('stop --timeout 300ms');
    await expectEnd(enclosure, { code, expected: 0, text: stdout + stderr }, hasMark ? 'none' : 'orderly');
    expect(decoys.lost()).toEqual([]);

    if (!hasGuest) return;
    await decoys.sendGuestAway(enclosure);
    expectCode(await enclosure.devctl('stop'), [0]);
    expect(enclosure.ward.living()).toEqual([]);
    expect(existsSync(enclosure.tmuxSocket)).toBe(false);
  });
});

function expectCode({ code, stdout, stderr }: Warded, codes: number[]): void {
  expect(codes, `${stdout}${stderr}`).toContain(code);
}

/** Whose escape is excused; with the mark nobody's. */
type Excuse = 'none' | 'orderly' | 'struck';

/** Nobody is left but those of the table, who are then sent away by us. */
async function expectEnd(enclosure: Enclosure, { code, expected, text }: Ended, excuse: Excuse): Promise<void> {
  const left = enclosure.living();
  const escaped = left.filter((survivor) => isExcused(survivor, left, excuse));
  expect(tellAll(left.filter((survivor) => !escaped.includes(survivor))), text).toBe('');
  const held = await enclosure.heldPorts();
  for (const survivor of escaped) send('SIGKILL', survivor);
  await enclosure.waitUntilNobody();
  expect(await enclosure.heldPorts()).toEqual([]);
  // Whoever cannot be known as ours is seen at least where he holds a port of ours.
  expect(code, `${text}\nheld: ${held.join(', ')}; escaped: ${tellAll(escaped)}`).toBe(held.length > 0 ? 1 : expected);
}

function isExcused({ member: name }: Survivor, left: Survivor[], excuse: Excuse): boolean {
  const escapes = excuse === 'none' ? undefined : here.find((member) => member.name === name)?.escapes;
  if (!escapes || (escapes.asRootOnly && !isRoot) || (escapes.whenStruck && excuse !== 'struck')) return false;
  return left.filter(({ member }) => member === name).length <= escapes.count;
}

/** What the slow one was sent, without the hang-up that the end of a tmux server is. */
function slowSignals({ place }: Enclosure): string[] {
  const file = join(place.data, 'slow');
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  rmSync(file);
  return lines.filter((line) => line !== 'up' && line !== 'HUP');
}
