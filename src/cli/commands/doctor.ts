import { examine } from '../../doctor/doctor.ts';
import type { Finding } from '../../doctor/finding.ts';
import { locateProject } from '../../project/project.ts';
import { readRecord } from '../../project/run-record.ts';
import { ok } from '../../result.ts';
import type { CommandRun } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { flagSet, flagText } from '../flags.ts';
import { out } from '../render/colors.ts';
import { renderTable } from '../render/table.ts';

const COLOR: Record<Finding['verdict'], (text: string) => string> = {
  ok: out.green,
  fixed: out.green,
  warn: out.yellow,
  fail: out.red,
};

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
  const failed = findings.filter(({ verdict }) => verdict === 'fail').length;
  const warned = findings.filter(({ verdict }) => verdict === 'warn').length;
  const rows = findings.map(({ name, verdict, says, fix }) => [
    COLOR[verdict](verdict),
    out.bold(name),
    says,
    fix === undefined ? '' : out.cyan(fix),
  ]);
  return ok({
    exit: failed > 0 ? EXIT.NOT_ACHIEVED : EXIT.OK,
    schema: 'devctl.doctor/1',
    data: { findings },
    text: `${renderTable(rows)}\n${summary(failed, warned)}`,
  });
};

function summary(failed: number, warned: number): string {
  if (failed + warned === 0) return 'Everything is as it should be.';
  const parts = [...(failed > 0 ? [`${String(failed)} failed`] : []), ...(warned > 0 ? [`${String(warned)} to look at`] : [])];
  return `${parts.join(', ')}.`;
}
