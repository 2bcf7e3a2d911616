import { join } from 'node:path';
import { makeUnitEdits, serviceUnit } from '../init/units.ts';
import type { Project } from '../project/project.ts';
import type { Result } from '../result.ts';
import { carryOutEdits } from './carry-out.ts';
import type { Answer, Context, Flags } from './context.ts';

/** `devctl init --systemd`: units of the user's own systemd, for the project's services and for an hourly clean-up. */
export function initUnits(context: Context, project: Project, flags: Flags): Promise<Result<Answer>> {
  const { machine } = context;
  const { env, home } = machine;
  const root = join(env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? home.home, '.config'), 'systemd', 'user');
  const edits = makeUnitEdits({
    root: project.root,
    id: project.id,
    devctl: [process.execPath, '--', machine.libexec(join('..', 'bin', 'devctl.js'))],
    path: env['PATH'] ?? '',
  });
  const unit = serviceUnit(project);
  return carryOutEdits(context, flags, edits, {
    root,
    there: `The units are there already, in ${root}`,
    done: `In ${root}. Next: systemctl --user daemon-reload && systemctl --user enable --now ${unit} devctl-cleanup.timer`,
    removed: 'Next: systemctl --user daemon-reload',
  });
}
