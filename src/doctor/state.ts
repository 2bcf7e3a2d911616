import { join } from 'node:path';
import type { Machine } from '../machine/machine.ts';
import { findProjects } from '../nuke/facts.ts';
import { lockHolder } from '../project/lock.ts';
import { stateRoot } from '../project/paths.ts';
import type { Project } from '../project/project.ts';
import { readRecord } from '../project/run-record.ts';
import { observeProcesses } from '../services/observe.ts';
import { bad, good, poor, type Finding } from './finding.ts';

/** A file of ours that nobody needs any more, and why. */
interface Stale {
  path: string;
  why: string;
}

/** Can devctl keep its state, and what of it is left over? `--fix` removes what is stale and nothing else. */
export async function checkState(machine: Machine, isFixing: boolean): Promise<Finding[]> {
  const root = stateRoot(machine.home);
  const writable = checkWritable(machine, root);
  if (writable.verdict === 'fail') return [writable];
  const stale = [...findProjects(machine).flatMap((project) => staleOf(machine, project)), ...(await staleSockets(machine))];
  if (isFixing) for (const { path } of stale) machine.files.remove(path);
  return [
    writable,
    ...stale.map(({ path, why }): Finding => {
      const says = `${path}: ${why}`;
      return isFixing ? { name: 'stale', verdict: 'fixed', says } : poor('stale', says, 'devctl doctor --fix');
    }),
    ...(stale.length === 0 ? [good('stale files', 'none')] : []),
  ];
}

function checkWritable({ files }: Machine, root: string): Finding {
  const trial = join(root, `doctor.${String(process.pid)}`);
  try {
    files.makeFolder(root, { isPrivate: true });
    files.writePrivate(trial, 'x');
    files.remove(trial);
    return good('state folder', root);
  } catch (error) {
    return bad('state folder', `${root} cannot be written: ${(error as Error).message}`, `ls -ld ${root}; df -h ${root}`);
  }
}

function staleOf(machine: Machine, project: Project): Stale[] {
  const { files } = machine;
  const { paths } = project;
  const read = readRecord(files, paths.record);
  const isGone = read.kind === 'record' && files.stat(project.root) === undefined;
  if (isGone && observeProcesses(machine, project, undefined).owned.length === 0)
    return [{ path: paths.state, why: `its project ${project.root} is gone, and nothing of it runs` }];
  const holder = lockHolder(machine, paths.lock);
  return [
    ...(holder === 'dead' ? [{ path: paths.lock, why: 'the devctl that held this lock is gone' }] : []),
    ...files
      .list(paths.state)
      .filter((name) => isAbandoned(machine, name))
      .map((name) => ({ path: join(paths.state, name), why: 'half a write of a devctl that is gone' })),
  ];
}

/** `run.json.PID.N.tmp` of a process that is gone. */
function isAbandoned({ processes }: Machine, name: string): boolean {
  const pid = /\.(\d+)\.\d+\.tmp$/.exec(name)?.[1];
  return pid !== undefined && processes.identify(Number(pid)) === undefined;
}

/** Sockets of tmux servers of ours that no server listens on. */
async function staleSockets({ files, tmux, processes, home }: Machine): Promise<Stale[]> {
  const folder = home.runtimeDir === undefined ? join(home.tmp, `devctl-${String(home.uid)}`) : join(home.runtimeDir, 'devctl');
  const stale: Stale[] = [];
  for (const name of files.list(folder)) {
    const path = join(folder, name);
    const viewer = /\.view\.(\d+)$/.exec(name)?.[1];
    if (viewer !== undefined && processes.identify(Number(viewer)) !== undefined) continue;
    if (files.stat(path)?.kind !== 'socket') continue;
    const panes = await tmux.panes(path);
    if (panes.ok && panes.value.length === 0) stale.push({ path, why: 'no tmux server listens there' });
  }
  return stale;
}
