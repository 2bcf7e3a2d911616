import type { CommandEnd } from '../../machine/commands.ts';
import type { Machine } from '../../machine/machine.ts';
import type { ProcessIdentity } from '../../machine/processes.ts';
import type { SpawnRequest } from '../../machine/spawner.ts';
import { parseEvent, type ClaudeEvent } from './events.ts';
import { Tail } from './tail.ts';

/** One process of a spoke, from its birth to its end. Its output is a file, and what is in that file has happened. */
export interface Life {
  identity: ProcessIdentity | undefined;
  /** Where in the file its events begin. */
  eventsFrom: number;
  write: (text: string) => void;
  endInput: () => void;
  end: Promise<LifeEnd>;
}

/** How it ended; of a process that is not our child nobody knows the code. */
export type LifeEnd = CommandEnd | { kind: 'gone' };

/** Between two looks at a file; an exit is seen at once. */
const POLL_MS = 25;
/** Between two looks at a process that is not our child. */
const ADOPTED_POLL_MS = 50;

/** Spawns it. What a killed one has left of a line does not mix with the first of this one. */
export function beginLife({ files, spawner }: Pick<Machine, 'files' | 'spawner'>, request: SpawnRequest): Life {
  const size = files.stat(request.stdout)?.size ?? 0;
  const isTorn = size > 0 && files.readSlice(request.stdout, size - 1, 1)[0] !== 0x0a;
  if (isTorn) files.append(request.stdout, '\n');
  const eventsFrom = size + (isTorn ? 1 : 0);
  return { ...spawner.spawn(request), eventsFrom };
}

/** One that an earlier hub has spawned, which hears nothing of us. */
export function adoptLife(
  { processes, clock }: Pick<Machine, 'processes' | 'clock'>,
  identity: ProcessIdentity,
  eventsFrom: number,
): Life {
  const waitForEnd = async (): Promise<LifeEnd> => {
    while (processes.isAlive(identity)) await clock.sleep(ADOPTED_POLL_MS);
    return { kind: 'gone' };
  };
  return { identity, eventsFrom, write: () => undefined, endInput: () => undefined, end: waitForEnd() };
}

/** Hands on every event until the process has ended and the file is read; looks at the clock at each turn. */
export async function readLife(
  { files, clock }: Pick<Machine, 'files' | 'clock'>,
  life: Life,
  eventsFile: string,
  { onEvent, onPoll }: { onEvent: (event: ClaudeEvent) => void; onPoll: () => void },
): Promise<LifeEnd> {
  const tail = new Tail(files, eventsFile, life.eventsFrom);
  const state: { end: LifeEnd | undefined } = { end: undefined };
  // One waiter at a time: thousands of looks leave nothing at a promise that lives for hours.
  let wake: () => void = () => undefined;
  void life.end.then((how) => {
    state.end = how;
    wake();
  });
  for (;;) {
    // Known before the file is read: then what was read is all.
    const { end } = state;
    const { lines, isMore } = tail.read();
    for (const line of lines) onEvent(parseEvent(line));
    onPoll();
    if (isMore || lines.length > 0) await clock.sleep(0);
    else if (end) return end;
    else await clock.sleepUnless(new Promise<void>((resolve) => (wake = resolve)), POLL_MS);
  }
}
