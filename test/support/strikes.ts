import type { Decoys } from './decoys.ts';
import { isKeeper, type Enclosure } from './enclosure.ts';
import { DEVCTL } from './package-root.ts';
import { send, type Seen } from './process-tree.ts';
import type { TestMode } from './rig.ts';
import { waitFor } from './wait-for.ts';

/** A way in which a run comes to its end. */
export interface Strike {
  name: string;
  modes?: TestMode[];
  /** Keepers and panes are gone when the stop comes. */
  kills?: boolean;
  /** There the end of a service ends all. */
  isForeground?: boolean;
  /** Can a window of the user's in our tmux server outlive it? */
  sparesGuest?: boolean;
  /** Starts everything, calls `settled` when it is up, and ends it; for the devctl that should have ended it all. */
  run: (enclosure: Enclosure, settled: () => Promise<void>) => Promise<Ended>;
}

export interface Ended {
  code: number | undefined;
  expected: number;
  text: string;
}

async function start(enclosure: Enclosure): Promise<void> {
  const started = await enclosure.devctl(enclosure.startWords);
  if (started.code !== 0 && !enclosure.startWords.includes('--keep'))
    throw new Error(`start: ${started.stdout}${started.stderr}`);
}

async function stop(enclosure: Enclosure): Promise<Ended> {
  const { code, stdout, stderr } = await enclosure.stop();
  return { code, expected: 0, text: stdout + stderr };
}

function kill(victims: Seen[], signal: NodeJS.Signals = 'SIGKILL'): void {
  if (victims.length === 0) throw new Error('nobody to strike');
  for (const victim of victims) send(signal, victim);
}

const foreground = ({ command }: Seen) => command.includes(`${DEVCTL} start --foreground`);

export const STRIKES: Strike[] = [
  {
    name: 'stop',
    sparesGuest: true,
    run: async (enclosure, settled) => {
      await start(enclosure);
      await settled();
      return stop(enclosure);
    },
  },
  {
    name: 'Ctrl-C in the foreground',
    isForeground: true,
    run: async (enclosure, settled) => {
      const terminal = await enclosure.terminal();
      terminal.type('$DEVCTL start --foreground --mode $DEVCTL_MODE; echo "devctl ended: $?"');
      await settled();
      terminal.press('C-c');
      const screen = await terminal.waitFor(/devctl ended: \d+/, 30_000);
      return { code: Number(/devctl ended: (\d+)/.exec(screen)?.[1]), expected: 130, text: terminal.scrollback() };
    },
  },
  {
    name: 'SIGTERM to devctl in the foreground',
    isForeground: true,
    run: async (enclosure, settled) => {
      const command = await enclosure.begin(`start --foreground --mode ${enclosure.env['DEVCTL_MODE'] ?? ''}`);
      await settled();
      process.kill(command.pid, 'SIGTERM');
      const { code, stdout, stderr } = await enclosure.ward.end(command);
      return { code, expected: 143, text: stdout + stderr };
    },
  },
  {
    name: 'SIGKILL of every keeper, then stop',
    kills: true,
    sparesGuest: true,
    run: async (enclosure, settled) => {
      await start(enclosure);
      await settled();
      kill(enclosure.living().filter(({ command }) => isKeeper(command)));
      return stop(enclosure);
    },
  },
  {
    name: 'SIGKILL of the tmux server, then stop',
    kills: true,
    modes: ['tmux'],
    run: async (enclosure, settled) => {
      await start(enclosure);
      await settled();
      kill(enclosure.living().filter(({ comm, command }) => comm === 'tmux: server' && command.includes(enclosure.tmuxSocket)));
      return stop(enclosure);
    },
  },
  {
    name: 'terminal closed, then stop',
    run: async (enclosure, settled) => {
      const terminal = await enclosure.terminal();
      terminal.type(`$DEVCTL ${enclosure.startWords}; echo "devctl ended: $?"`);
      await terminal.waitFor(/devctl ended: \d/, 30_000);
      await settled();
      terminal.close();
      return stop(enclosure);
    },
  },
  {
    name: 'terminal closed in the foreground, then stop',
    isForeground: true,
    run: async (enclosure, settled) => {
      const terminal = await enclosure.terminal();
      terminal.type('$DEVCTL start --foreground --mode $DEVCTL_MODE');
      await settled();
      terminal.close();
      await waitFor('devctl to end', () => !enclosure.living().some(foreground), 20_000);
      return stop(enclosure);
    },
  },
  {
    name: 'reader of the output gone, then stop',
    run: async (enclosure, settled) => {
      await enclosure.run(['bash', '-c', `node ${DEVCTL} ${enclosure.startWords} | head -1`]);
      await settled();
      return stop(enclosure);
    },
  },
];

/** Everybody who must outlive it. */
export async function plantAll(enclosure: Enclosure, decoys: Decoys, hasGuest: boolean): Promise<void> {
  await decoys.plantYoung(enclosure);
  await decoys.plantRunShell(enclosure);
  await decoys.plantTmux(enclosure);
  await decoys.plantOtherProject(enclosure);
  await enclosure.makeRepository();
  await decoys.plantWorktree(enclosure);
  if (hasGuest) await decoys.plantGuest(enclosure);
}
