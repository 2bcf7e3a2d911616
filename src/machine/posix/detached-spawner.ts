import { closeSync, existsSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import type { CommandEnd } from '../commands.ts';
import type { Processes } from '../processes.ts';
import type { SpawnedProgram, Spawner, SpawnRequest } from '../spawner.ts';

/** As shells have it: found, and not to be run. */
const CANNOT_EXECUTE = 126;

/** By `node:child_process`: execa's pipes would tie its life to ours. */
export function detachedSpawner(processes: Processes): Spawner {
  return { spawn: (request) => spawnDetached(request, processes) };
}

function spawnDetached({ file, args, cwd, env, stdout, stderr }: SpawnRequest, processes: Processes): SpawnedProgram {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const outputs = [openSync(stdout, 'a', 0o600), openSync(stderr, 'a', 0o600)] as const;
  try {
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ['pipe', outputs[0], outputs[1]] });
    const input = child.stdin;
    // It may end before it has read everything.
    input?.on('error', () => undefined);
    const end = new Promise<CommandEnd>((resolve) => {
      child.on('error', (error: NodeJS.ErrnoException) => {
        resolve(whyNot(error, cwd));
      });
      child.on('exit', (code, signal) => {
        resolve({ kind: 'ended', code: code ?? 128 + (signal ? constants.signals[signal] : 0) });
      });
    });
    return {
      identity: child.pid === undefined ? undefined : processes.identify(child.pid),
      write: (text) => input?.write(text),
      endInput: () => input?.end(),
      end,
    };
  } finally {
    for (const fd of outputs) closeSync(fd);
  }
}

/** ENOENT is also said of the folder; EAGAIN and the like pass. */
function whyNot({ code }: NodeJS.ErrnoException, cwd: string): CommandEnd {
  if (code === 'EACCES') return { kind: 'missing', reason: 'not executable' };
  if (code === 'ENOENT' && existsSync(cwd)) return { kind: 'missing', reason: 'not found' };
  return { kind: 'ended', code: CANNOT_EXECUTE };
}
