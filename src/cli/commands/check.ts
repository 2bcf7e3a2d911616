import { relative } from 'node:path';
import { ok } from '../../result.ts';
import type { CommandRun } from '../context.ts';
import { renderTable } from '../render/table.ts';
import { load, open } from '../request.ts';
import { describeProblem } from '../words.ts';
import { shiftNote } from '../worktree-notes.ts';

/** `devctl check`: the Procfile, its variant for no terminal, devctl.yml and the `.env` files, without running anything. */
export const run: CommandRun = async (context, _args, flags) => {
  const opened = open(context, flags);
  if (!opened.ok) return opened;
  const watched = await load(
    { ...context, terminal: { ...context.terminal, isWatched: true } },
    flags,
    { ...opened.value, record: undefined },
    {},
  );
  if (!watched.ok) return watched;
  const unwatched = await load(
    { ...context, terminal: { ...context.terminal, isWatched: false } },
    flags,
    { ...opened.value, record: undefined },
    {},
  );
  if (!unwatched.ok) return unwatched;

  const files = [...new Set([watched.value.procfile, unwatched.value.procfile])].map((path) =>
    relative(opened.value.project.root, path),
  );
  const only = watched.value.services
    .filter((service) => !unwatched.value.services.some((other) => other.name === service.name))
    .map((service) => service.name);
  const warnings = [
    ...[
      ...watched.value.warnings,
      ...(unwatched.value === watched.value || files.length === 1 ? [] : unwatched.value.warnings),
    ].flatMap(describeProblem),
    ...(watched.value.worktree?.fixed.flatMap(describeProblem) ?? []),
    ...(only.length > 0 ? [`${files[1] ?? ''} lacks ${only.join(', ')}: without a terminal they do not start`] : []),
  ];
  const rows = watched.value.services.map((service) => [
    service.name,
    service.expects.kind === 'nowhere'
      ? service.oneShot
        ? 'ends by itself'
        : ''
      : 'port' in service.expects
        ? `port ${String(service.expects.port)} (${service.expects.kind === 'declared' ? 'declared' : `from "${service.expects.from}"`})`
        : `some port (${service.expects.from})`,
    Object.keys(service.dependsOn).length > 0 ? `after ${Object.keys(service.dependsOn).join(', ')}` : '',
    service.command,
  ]);
  return ok({
    exit: 0,
    schema: 'devctl.check/1',
    data: {
      files,
      services: watched.value.services.map(({ name, command, port, expects, dependsOn }) => ({
        name,
        command,
        port,
        expects,
        dependsOn,
      })),
      warnings,
      ...(watched.value.worktree
        ? { worktree: { offset: watched.value.worktree.offset, main: watched.value.worktree.main } }
        : {}),
    },
    text: [
      renderTable(rows),
      ...shiftNote(watched.value),
      ...warnings.map((warning) => `warning: ${warning}`),
      `${files.join(' and ')} ${files.length === 1 ? 'is' : 'are'} right: ${String(rows.length)} service(s).`,
    ].join('\n'),
  });
};
