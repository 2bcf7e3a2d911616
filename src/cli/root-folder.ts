import { basename, dirname, join, resolve } from 'node:path';
import type { Machine } from '../machine/machine.ts';
import { projectId } from '../project/identity.ts';
import { projectPaths } from '../project/paths.ts';
import { fail, ok, type Result } from '../result.ts';

/** The folder that `--root` means. One that is gone counts where devctl remembers a project of it: its processes can be ended. */
export function rootFolder({ files, home }: Pick<Machine, 'files' | 'home'>, cwd: string, word: string): Result<string> {
  const path = resolve(cwd, word);
  const kind = files.stat(path)?.kind;
  if (kind === 'folder') return ok(path);
  if (kind !== undefined)
    return fail({ code: 'USAGE', what: `--root "${word}" is not a folder`, fix: [`--root ${dirname(path)}`, 'devctl ls'] });
  const gone = join(files.realpath(dirname(path)) ?? dirname(path), basename(path));
  return files.stat(projectPaths(projectId(gone), home).record)
    ? ok(gone)
    : fail({
        code: 'USAGE',
        what: `There is no folder ${path}`,
        why: 'and devctl remembers no project there',
        fix: ['devctl ls'],
      });
}
