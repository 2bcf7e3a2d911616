import { join } from 'node:path';
import type { Machine } from '../../machine/machine.ts';
import type { ProcessInfo } from '../../machine/processes.ts';
import { stateRoot } from '../../project/paths.ts';
import type { GovernorEvent } from '../governor/events.ts';

/** JSON lines of one launch, for later: what was queued, resumed, hung, and how it ended. */
export interface LaunchLog {
  write(event: string, fields: Record<string, unknown>): void;
  onEvent(event: GovernorEvent): void;
  /** Its path, when everything is written; nothing where it could not be. */
  close(): Promise<string | undefined>;
}

/** A launch has a log of its own, so that no two of them rotate one file. So many are kept. */
const KEPT_LOGS = 20;
const MAX_SIZE = '10M';
const MAX_FILES = 3;
const MAX_COMMAND = 200;

/** Opens it in the background: Claude Code does not wait for it, and starts where it cannot be written too. */
export function openLog(machine: Machine): LaunchLog {
  const { processes, clock } = machine;
  const opened = openFile(machine).catch(() => undefined);
  const write = (event: string, fields: Record<string, unknown>) => {
    const time = new Date(clock.now()).toISOString();
    void opened.then((file) => file?.logger.info({ time, event, ...fields }));
  };
  const describe = (process: ProcessInfo) => ({
    pid: process.pid,
    command: processes.argv(process.pid).join(' ').slice(0, MAX_COMMAND),
  });
  return {
    write,
    onEvent: (event) => {
      switch (event.kind) {
        case 'look':
          return;
        case 'queued':
          write('queued', { processes: event.processes.map(describe) });
          return;
        case 'resumed':
          write('resumed', { pids: event.processes.map(({ pid }) => pid), waitedMs: Math.round(event.waitedMs) });
          return;
        case 'paused':
          write('paused', describe(event.process));
          return;
        case 'rotated':
          write('rotated', {});
          return;
        case 'hung':
        case 'hung-ended':
          write(event.kind, {
            ...describe(event.hung.process),
            program: event.hung.program,
            idleMs: Math.round(event.hung.idleMs),
          });
      }
    },
    close: async () => {
      const file = await opened;
      if (!file) return undefined;
      await new Promise<void>((resolve) => file.stream.end(resolve));
      return file.path;
    },
  };
}

async function openFile({ files, home, clock }: Machine) {
  const folder = join(stateRoot(home), 'claude');
  files.makeFolder(folder, { isPrivate: true });
  const old = files.list(folder).filter((name) => name.startsWith('launch-'));
  for (const name of old.sort().slice(0, Math.max(0, old.length - KEPT_LOGS))) files.remove(join(folder, name));

  const stamp = new Date(clock.now()).toISOString().replace(/\W/g, '').slice(0, 15);
  const name = `launch-${stamp}-${String(process.pid)}.jsonl`;
  const { pino, createStream } = await import('../../lazy/telemetry.ts');
  const stream = createStream(name, { path: folder, size: MAX_SIZE, maxFiles: MAX_FILES, mode: 0o600 });
  // A full disk takes the log away, not Claude Code.
  stream.on('error', () => undefined);
  return { path: join(folder, name), stream, logger: pino({ base: null, timestamp: false }, stream) };
}
