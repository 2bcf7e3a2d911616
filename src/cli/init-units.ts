import { join } from 'node:path';
import { readOne } from '../init/apply.ts';
import { planInit, planRemove } from '../init/plan.ts';
import { makeUnitEdits, serviceUnit } from '../init/units.ts';
import type { Project } from '../project/project.ts';
import { fail, type Result } from '../result.ts';
import { carryOut } from './carry-out.ts';
import type { Answer, Context, Flags } from './context.ts';
import { flagSet } from './flags.ts';

/** `devctl init --systemd`: units of the user's own systemd, for the project's services and for an hourly clean-up. */
export function initUnits(context: Context, project: Project, flags: Flags): Promise<Result<Answer>> {
  const { machine } = context;
  const { env, home, files } = machine;
  const root = join(env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? home.home, '.config'), 'systemd', 'user');
  const edits = makeUnitEdits({
    root: project.root,
    id: project.id,
    devctl: [process.execPath, '--', machine.libexec(join('..', 'bin', 'devctl.js'))],
    path: env['PATH'] ?? '',
  });
  const read = (file: string) => readOne(files, root, file);
  const isRemoving = flagSet(flags, 'remove');
  const plan = isRemoving ? planRemove(edits, read, []) : planInit(edits, read);
  if (!plan.ok) return Promise.resolve(fail({ code: 'FILE_INVALID', problems: plan.failure }));
  const unit = serviceUnit(project);
  return carryOut(context, flags, plan.value, {
    root,
    known: [],
    beforeWriting: () => undefined,
    afterWriting: () => undefined,
    words: isRemoving
      ? { nothing: 'There is nothing that init has put in here.', done: 'Next: systemctl --user daemon-reload' }
      : {
          nothing: `The units are there already, in ${root}`,
          done: `In ${root}. Next: systemctl --user daemon-reload && systemctl --user enable --now ${unit} devctl-cleanup.timer`,
        },
  });
}
