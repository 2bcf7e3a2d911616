import { join } from 'node:path';
import type { Machine } from '../../machine/machine.ts';
import type { CommandEnd } from '../../machine/commands.ts';
import type { ProcessIdentity } from '../../machine/processes.ts';
import type { Governor } from '../governor/govern.ts';

export interface RunRequest {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** Somebody's shell waits for us on a terminal: when Claude Code is suspended, so are we. */
  hasJobControl: boolean;
  /** `undefined`: nothing is governed. */
  governor: ((agent: ProcessIdentity) => Governor) | undefined;
  /** It is given up, and Claude Code runs on. */
  onGovernorFailed: (error: unknown) => void;
}

/** Between two glances; a look at the whole table comes only when something was born. */
const TICK_MS = 50;
/** While somebody is queued. */
const TIGHT_TICK_MS = 15;
/** Where every glance is a look, by `ps`. */
const SLOW_TICK_MS = 500;
/** Of the time, so much at most is spent with looking. */
const SHARE_OF_LOOKS = 0.3;

/** Runs Claude Code with our terminal, and governs it until it ends. Whatever happens, nothing stays stopped. */
export async function runClaude(machine: Machine, request: RunRequest): Promise<CommandEnd> {
  const { commands, clock, processes } = machine;
  const { pid, end } = commands.run(request);
  const agent = pid === undefined ? undefined : processes.identify(pid);
  if (!agent) return end;
  let governor = attempt(() => request.governor?.(agent), request.onGovernorFailed);
  const watchdog = governor && commands.afterUs([process.execPath, machine.libexec(join('..', 'bin', 'devctl.js')), 'release']);
  commands.onSuspend(() => governor?.release());
  const state = { isOver: false };
  const ended = end.then((how) => {
    state.isOver = true;
    return how;
  });
  try {
    while (!state.isOver) {
      const beganMs = clock.elapsed();
      const works = attempt(() => {
        governor?.tick();
        return true;
      }, request.onGovernorFailed);
      if (works !== true) {
        governor?.release();
        governor = undefined;
      }
      if (request.hasJobControl && processes.isSuspended(agent)) {
        governor?.release();
        commands.suspendSelf();
      }
      const tookMs = clock.elapsed() - beganMs;
      const tickMs = processes.births() === undefined ? SLOW_TICK_MS : governor?.isHolding() === true ? TIGHT_TICK_MS : TICK_MS;
      await Promise.race([ended, clock.sleep(Math.max(tickMs, tookMs / SHARE_OF_LOOKS - tookMs))]);
    }
    return await ended;
  } finally {
    governor?.release();
    watchdog?.dismiss();
  }
}

/** Whatever goes wrong with the governor (a full disk, say), Claude Code runs on. */
function attempt<T>(work: () => T, onFailed: (error: unknown) => void): T | undefined {
  try {
    return work();
  } catch (error) {
    onFailed(error);
    return undefined;
  }
}
