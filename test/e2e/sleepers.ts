import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { isAlive } from '../support/leftovers.ts';
import { Rig, type Ran } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

interface Seen {
  name: string;
  state: string;
  pid?: number;
  processes: number;
  definition: string;
}
interface Status {
  verdict: string;
  services: Seen[];
}

export const NAMES = ['web', 'worker', 'clock'];
const UP = ['ready', 'running', 'starting', 'daemonized', 'without keeper'];

/** Each service is one sleeper, which its seconds tell from everybody else's. */
const nap = (rig: Rig, name: string): string => `86400.${String(parseInt(rig.tag, 16))}${String(NAMES.indexOf(name))}`;
const line = (rig: Rig, name: string): string => `${name}: echo run >>${name}.runs; exec sleep ${nap(rig, name)}\n`;

export function threeSleepers(): Rig {
  const rig = Rig.create();
  rig.write({ 'Procfile.dev': NAMES.map((name) => line(rig, name)).join('') });
  return rig;
}

/** What /proc says: the services that live, one name for each process. */
export function living(rig: Rig): string[] {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isAlive(Number(name)))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    });
  return NAMES.flatMap((name) => lines.filter((command) => command === `sleep\0${nap(rig, name)}\0`).map(() => name));
}

export const status = (rig: Rig) => rig.json<Status>('status');
export const pidOf = async (rig: Rig, name: string) => (await status(rig)).services.find((service) => service.name === name)?.pid;
const saidUp = ({ services }: Status) => services.filter(({ state }) => UP.includes(state)).map(({ name }) => name);
export const runs = (rig: Rig, name: string) => (rig.has(`${name}.runs`) ? rig.read(`${name}.runs`).split('\n').length - 1 : 0);
export const output = ({ stdout, stderr }: Ran) => stdout + stderr;
export const STOPPED_BY_OTHER = /ended before the services were up[^]*(?:another devctl|devctl (?:stop|restart)\b.*) stopped/;

/** Status agrees with /proc; a tmux that the killed devctl had called may still be at work for a moment. */
export async function expectTruth(rig: Rig, what: string): Promise<void> {
  let said: Status | undefined;
  let alive: string[] = [];
  const isTrue = async () => {
    alive = living(rig);
    said = await status(rig);
    const isVerdictTrue = alive.length === 0 ? said.verdict !== 'healthy' : said.verdict !== 'stopped';
    return isVerdictTrue && saidUp(said).join() === alive.join() && living(rig).join() === alive.join();
  };
  await waitFor(`status to tell the truth (${what})`, isTrue, 10_000).catch((error: unknown) => {
    throw new Error(`${String(error)}: /proc has ${alive.join()}, status says ${JSON.stringify(said)}\n${rig.history}`);
  });
}

export const expectDone = (ran: Ran, what = '') => {
  expect(ran.code, `${what}\n${output(ran)}`).toBe(0);
};

export async function expectCleanStop(rig: Rig, what: string): Promise<void> {
  expectDone(await rig.devctl('stop'), what);
  expect(living(rig), what).toEqual([]);
  expect(rig.leftovers(), what).toEqual([]);
  expect((await rig.devctl('status')).code, what).toBe(3);
}
