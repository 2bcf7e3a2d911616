import { join } from 'node:path';
import type { Machine } from '../machine/machine.ts';
import { findProjects } from '../project/all-projects.ts';
import { lockHolder, removeDeadLock } from '../project/lock.ts';
import { projectPaths, stateRoot } from '../project/paths.ts';
import type { Project } from '../project/project.ts';
import { readRecord } from '../project/run-record.ts';
import { observeProcesses } from '../services/observe.ts';
import { bad, good, poor, type Finding } from './finding.ts';

/** A file of ours that nobody needs any more, and why. */
interface Stale {
  path: string;
  why: string;
  remove: () => void;
}

/** Can devctl keep its state, and what of it is left over? `--fix` removes what is stale and nothing else. */
export async function checkState(machine: Machine, isFixing: boolean): Promise<Finding[]> {
  const root = stateRoot(machine.home);
  const writable = checkWritable(machine, root);
  if (writable.verdict === 'fail') return [writable];
  const stale = [...findProjects(machine).flatMap((project) => staleOf(machine, project)), ...(await staleSockets(machine))];
  if (isFixing) for (const one of stale) one.remove();
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
  const { files, processes } = machine;
  const { paths } = project;
  const removable = (path: string, why: string): Stale => ({
    path,
    why,
    remove: () => {
      files.remove(path);
    },
  });
  const read = readRecord(files, paths.record);
  // In a container that shares the home, other folders are not there and other processes not seen: nothing is known of these.
  const isOurWorld = read.kind === 'record' && read.record.pidNamespace === processes.world().pidNamespace;
  const isGone = isOurWorld && files.stat(project.root) === undefined;
  if (isGone && observeProcesses(machine, project, undefined).owned.length === 0)
    return [removable(paths.state, `its project ${project.root} is gone, and nothing of it runs`)];
  const lock = {
    path: paths.lock,
    why: 'the devctl that held this lock is gone',
    remove: () => {
      removeDeadLock(machine, paths.lock);
    },
  };
  return [
    ...(lockHolder(machine, paths.lock) === 'dead' ? [lock] : []),
    ...files
      .list(paths.state)
      .filter((name) => isAbandoned(machine, name))
      .map((name) => removable(join(paths.state, name), 'half a write of a devctl that is gone')),
  ];
}

/** `run.json.PID.N.tmp` of a process that is gone. */
function isAbandoned({ processes }: Machine, name: string): boolean {
  const pid = /\.(\d+)\.\d+\.tmp$/.exec(name)?.[1];
  return pid !== undefined && processes.identify(Number(pid)) === undefined;
}

/** Sockets of tmux servers of ours that no server listens on. */
async function staleSockets({ files, tmux, processes, home }: Machine): Promise<Stale[]> {
  const folder = projectPaths('', home).sockets;
  const stale: Stale[] = [];
  for (const name of files.list(folder)) {
    const path = join(folder, name);
    const viewer = /\.view\.(\d+)$/.exec(name)?.[1];
    if (viewer !== undefined && processes.identify(Number(viewer)) !== undefined) continue;
    if (files.stat(path)?.kind !== 'socket') continue;
    const panes = await tmux.panes(path);
    const remove = () => {
      files.remove(path);
    };
    if (panes.ok && panes.value.length === 0) stale.push({ path, why: 'no tmux server listens there', remove });
  }
  return stale;
}
