import type { Machine } from '../../machine/machine.ts';
import { underLock } from '../../project/lock.ts';
import { currentRecord } from '../../project/open.ts';
import { loadSettings } from '../../project/definitions.ts';
import { locateProject } from '../../project/project.ts';
import { ok } from '../../result.ts';
import { stopProject } from '../../stop/stop.ts';
import { endStrays, isAbandoned } from '../../strays/sweep.ts';

/** A session that was only cleared goes on in the same agent. */
const PATIENCE_MS = 30_000;
const INTERVAL_MS = 100;

/**
 * What the end of a session leaves running in the background: waits until the agent is gone, then ends what is abandoned of
 * that session; and the environment, only where devctl.yml says `stopOnSessionEnd: true`.
 */
export async function sweepAfter(machine: Machine, agentPid: number, cwd: string): Promise<void> {
  const { processes, clock } = machine;
  const agent = processes.identify(agentPid);
  const begin = clock.elapsed();
  while (agent && processes.isAlive(agent)) {
    if (clock.elapsed() - begin > PATIENCE_MS) return;
    await clock.sleep(INTERVAL_MS);
  }
  await endStrays(machine, (stray) => isAbandoned(stray) && stray.mark.agentPid === agentPid);
  const project = locateProject(machine.files, machine.home, { cwd, file: undefined });
  const live = currentRecord(machine, project);
  if (!live || live.ended || !(await isStopWanted(machine.files, project.root))) return;
  await underLock(machine, project, async () =>
    ok(await stopProject(machine, project, currentRecord(machine, project), [], { by: 'the end of an agent’s session' })),
  );
}

/** As devctl.yml says by now. One with errors wants nothing. */
async function isStopWanted(files: Machine['files'], root: string): Promise<boolean> {
  const config = await loadSettings(files, root);
  return config.ok && config.value.stopOnSessionEnd === true;
}
