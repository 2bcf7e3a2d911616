import { join } from 'node:path';
import { findClaude } from '../claude/install/find.ts';
import type { Machine } from '../machine/machine.ts';
import { performWithClaude, type Perform } from '../orchestrator/executors/perform.ts';
import type { FindWorkplace } from '../orchestrator/workplace/workplace.ts';
import { stateRoot } from '../project/paths.ts';
import { ok, type Result } from '../result.ts';

export interface PerformerRequest {
  /** Which of several it is. */
  performer: string;
  /** Its folder in devctl's state. */
  name: 'worker' | 'executor';
  findWorkplace: (folder: string) => FindWorkplace;
}

/** What Claude Code has said is kept for so long, for whoever wants to know what went wrong. */
const KEPT_MS = 7 * 86_400_000;

/** Performs attempts for others, with the Claude Code of this machine. */
export async function performForOthers(
  machine: Machine,
  { performer, name, findWorkplace }: PerformerRequest,
): Promise<Result<Perform>> {
  const found = await findClaude(machine);
  if (!found.ok) return found;
  const { files, clock, home } = machine;
  const folder = join(stateRoot(home), name);
  const events = join(folder, 'events');
  files.makeFolder(events, { isPrivate: true });
  for (const file of files.list(events)) {
    const { mtimeMs = Infinity } = files.stat(join(events, file)) ?? {};
    if (clock.now() - mtimeMs > KEPT_MS) files.remove(join(events, file));
  }
  return ok(
    performWithClaude(machine, {
      claude: found.value.path,
      performer,
      findWorkplace: findWorkplace(folder),
      filesOf: ({ token }) => ({ eventsFile: join(events, `${token}.jsonl`), stderrFile: join(events, `${token}.stderr`) }),
    }),
  );
}

/** Ends the spokes of a worker or an executor that is killed: nobody would go on with them. */
export function watchOver(
  { commands, libexec }: Pick<Machine, 'commands' | 'libexec'>,
  performer: string,
): { dismiss: () => void } {
  return commands.afterUs([process.execPath, libexec(join('..', 'bin', 'devctl.js')), 'end-tasks', performer]);
}
