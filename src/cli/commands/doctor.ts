import { examine } from '../../doctor/doctor.ts';
import { locateProject } from '../../project/project.ts';
import { readRecord } from '../../project/run-record.ts';
import { ok } from '../../result.ts';
import type { CommandRun } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { flagSet, flagText } from '../flags.ts';
import { hasFailed, renderFindings } from '../render/findings-view.ts';

/** `devctl doctor`; it looks also where nothing else would work, so that it opens no project. */
export const run: CommandRun = async (context, _args, flags) => {
  const { machine } = context;
  const project = locateProject(machine.files, machine.home, { cwd: context.cwd, file: flagText(flags, 'procfile') });
  const read = readRecord(machine.files, project.paths.record);
  const findings = await examine(machine, {
    record: read.kind === 'record' ? read.record : undefined,
    isFixing: flagSet(flags, 'fix'),
    platform: process.platform,
  });
  return ok({
    exit: hasFailed(findings) ? EXIT.NOT_ACHIEVED : EXIT.OK,
    schema: 'devctl.doctor/1',
    data: { findings },
    text: renderFindings(findings),
  });
};
