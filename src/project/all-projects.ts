import { join } from 'node:path';
import type { Machine } from '../machine/machine.ts';
import { projectPaths, stateRoot } from './paths.ts';
import type { Project } from './project.ts';
import { readRecord } from './run-record.ts';

/** Every project with a state folder of this user, also where its record is lost: then the marks alone speak. */
export function findProjects({ files, home }: Pick<Machine, 'files' | 'home'>): Project[] {
  const root = stateRoot(home);
  return files.list(root).flatMap((id) => {
    if (!/^[0-9a-f]{12}$/.test(id)) return [];
    const read = readRecord(files, join(root, id, 'run.json'));
    return [{ root: read.kind === 'record' ? read.record.root : `project ${id}`, id, paths: projectPaths(id, home) }];
  });
}
