import { readFileSync } from 'node:fs';
import type { Ran, Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** A wait in the background, that has begun to look: it has worked, and works on. */
export async function begun(rig: Rig, words: string): Promise<{ answer: Promise<Ran> }> {
  const answer = rig.devctl(words);
  answer.catch(() => {
    // Whoever waits for it is told.
  });
  const ticks = () => {
    const found = rig.leftovers().find(({ command }) => command.includes('devctl.js wait'));
    try {
      const stat =
        found &&
        readFileSync(`/proc/${String(found.pid)}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
      return stat ? Number(stat[11]) + Number(stat[12]) : 0;
    } catch {
      return 0;
    }
  };
  let isOver = false;
  void answer.then(() => (isOver = true));
  await waitFor('the wait to have begun', () => isOver || ticks() >= 8);
  return { answer };
}
