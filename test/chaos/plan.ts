import { lacks, ZOO } from '../support/zoo.ts';
import type { TestMode } from '../support/rig.ts';
import { Random } from './random.ts';

export type Part = 'devctl' | 'keeper' | 'tmux' | 'service';

export type Step = { afterMs: number } & (
  | { do: 'devctl'; words: string }
  /** `where` is from 0 to 1: the place of the first victim among those who live then. */
  | { do: 'signal'; signal: 'SIGKILL' | 'SIGSTOP'; part: Part; count: number; where: number }
  | { do: 'plant' }
);

/** What a trial does; a seed always makes the same. */
export interface Plan {
  seed: number;
  mode: TestMode;
  members: string[];
  restart: 'never' | 'always';
  steps: Step[];
  /** Before the last stop: what becomes of the devctl commands that still run, and of those that were suspended. */
  running: 'wait' | 'kill';
  suspended: 'continue' | 'kill';
  killKeepers: boolean;
}

export interface PlanOptions {
  mode?: TestMode;
  killKeepers?: boolean;
}

export function makePlan(seed: number, { mode, killKeepers = false }: PlanOptions): Plan {
  const random = new Random(seed);
  const ownMode = random.pick<TestMode>([
    [1, 'direct'],
    [1, 'tmux'],
  ]);
  const members = chooseMembers(random);
  const plan: Plan = {
    seed,
    mode: mode ?? ownMode,
    members,
    restart: random.chance(0.25) ? 'always' : 'never',
    steps: [{ afterMs: 0, do: 'devctl', words: startWords(random) }],
    running: random.chance(0.5) ? 'wait' : 'kill',
    suspended: random.chance(0.5) ? 'continue' : 'kill',
    killKeepers,
  };
  const count = random.between(2, 7);
  const planting = random.between(0, count - 1);
  for (let index = 0; index < count; index += 1) {
    // Short pauses are the interesting ones: much happens in the first 200 ms of a command.
    const afterMs = Math.floor(random.next() ** 2 * 350);
    plan.steps.push({ afterMs, ...chooseStep(random, plan) });
    if (index === planting) plan.steps.push({ afterMs: 0, do: 'plant' });
  }
  return plan;
}

function chooseMembers(random: Random): string[] {
  const pool = ZOO.filter((member) => lacks(member) === undefined);
  const count = random.between(2, 6);
  const chosen: string[] = [];
  while (chosen.length < count) {
    const rest = pool.filter(({ name }) => !chosen.includes(name));
    chosen.push(random.pick(rest.map(({ name, cost }) => [1 / cost, name])));
  }
  return chosen;
}

function startWords(random: Random): string {
  return random.pick([
    [6, 'start --timeout 3s'],
    [3, 'start --no-wait'],
    [1, 'start --keep --timeout 1s'],
    [1, 'start --foreground --timeout 3s'],
  ]);
}

type Deed = Step extends infer S ? (S extends Step ? Omit<S, 'afterMs'> : never) : never;

function chooseStep(random: Random, { mode, members }: Plan): Deed {
  const service = members[random.between(0, members.length - 1)] ?? '';
  const kind = random.pick([
    [11, 'signal'],
    [3, 'start'],
    [2, 'stop'],
    [2, 'restart'],
    [1, 'stop one'],
    [1, 'restart one'],
  ]);
  if (kind === 'start') return { do: 'devctl', words: startWords(random) };
  if (kind === 'stop') return { do: 'devctl', words: 'stop' };
  if (kind === 'restart') return { do: 'devctl', words: 'restart --timeout 3s' };
  if (kind === 'stop one') return { do: 'devctl', words: `stop ${service}` };
  if (kind === 'restart one') return { do: 'devctl', words: `restart --timeout 3s ${service}` };
  const part = random.pick<Part>([
    [6, 'devctl'],
    [6, 'service'],
    [4, 'keeper'],
    [mode === 'tmux' ? 2 : 0, 'tmux'],
  ]);
  return {
    do: 'signal',
    signal: random.chance(0.65) ? 'SIGKILL' : 'SIGSTOP',
    part,
    count: part === 'devctl' || part === 'tmux' ? 1 : random.between(1, 5),
    where: random.next(),
  };
}
