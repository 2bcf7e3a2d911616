import type { Machine } from '../machine/machine.ts';
import type { ProcessIdentity, ProcessTable } from '../machine/processes.ts';
import type { Claim } from '../ownership/claim.ts';
import { isMarkOf, projectMark, serviceMark } from '../project/identity.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';

/** What a project knows of itself by now: its record, held against the process table. */
export function makeClaim(
  { processes, files }: Pick<Machine, 'processes' | 'files'>,
  project: Project,
  record: RunRecord | undefined,
  table: ProcessTable,
  asked: string[],
): Claim {
  const known = Object.values(record?.services ?? {});
  const marks = new Map((record?.defined ?? []).map((service) => [service.mark, service.name]));
  for (const { service } of known) marks.set(service.mark, service.name);
  for (const name of asked) marks.set(serviceMark(project.id, name), name);
  const isProjectMark = (mark: string) => isMarkOf(project.id, mark);

  const keepers: Claim['keepers'] = known.flatMap(({ keeper, service }) =>
    keeper ? [{ identity: keeper, service: service.name }] : [],
  );
  for (const process of table.all) {
    const isOurs =
      process.mark === undefined
        ? process.runFolder === project.paths.run
        : isProjectMark(process.mark) && process.pid === process.sid;
    const service = isOurs ? keeperName(processes.argv(process.pid)) : undefined;
    if (service !== undefined) keepers.push({ identity: identityOf(process), service });
  }
  const outputs = new Map<string, string>();
  for (const { service, log } of known) {
    const stat = log.ours ? files.stat(log.path) : undefined;
    if (stat) outputs.set(stat.id, service.name);
  }
  for (const { identity, service } of keepers) {
    const keeper = table.byPid.get(identity.pid);
    if (keeper?.start === identity.start && keeper.tty !== 0) outputs.set(`tty:${String(keeper.tty)}`, service);
  }
  return {
    projectId: project.id,
    uid: process.getuid?.() ?? 0,
    since: record?.since ?? 0,
    keepers,
    runFolder: project.paths.run,
    server: record?.tmux?.server,
    marks,
    projectMark: projectMark(project.id),
    isProjectMark,
    outputs,
    commands: new Map(known.map(({ service }) => [service.name, service.command])),
    commandOf: (pid) => processes.argv(pid).join(' '),
    spared: processes.ancestors(table),
  };
}

/** `sh .../keeper.sh NAME` */
function keeperName(argv: string[]): string | undefined {
  return argv[1]?.endsWith('/keeper.sh') ? argv[2] : undefined;
}

const identityOf = ({ pid, start }: ProcessIdentity): ProcessIdentity => ({ pid, start });
