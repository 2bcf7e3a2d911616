import { release } from 'node:os';
import { readQuietly } from '../../machine/read-quietly.ts';
import { resolve } from 'node:path';
import { assignmentsIn, makeRedactor } from '../../diagnose/redact.ts';
import { readRecord } from '../../project/run-record.ts';
import { ok } from '../../result.ts';
import { observeProcesses } from '../../services/observe.ts';
import type { CommandRun, Context, Flags } from '../context.ts';
import { load, open } from '../request.ts';
import { wordFailure } from '../wording.ts';

interface Section {
  title: string;
  text: string;
}

/** What is asked, each as if it were typed. */
const QUESTIONS: readonly { verb: string; flags: Flags; title: string }[] = [
  { verb: 'doctor', flags: {}, title: 'devctl doctor' },
  { verb: 'check', flags: {}, title: 'devctl check' },
  { verb: 'status', flags: {}, title: 'devctl status' },
  { verb: 'ps', flags: {}, title: 'devctl ps' },
  { verb: 'start', flags: { dryRun: true }, title: 'devctl start --dry-run' },
  { verb: 'logs', flags: { lines: '60' }, title: 'devctl logs -n 60' },
  { verb: 'logs', flags: { lines: '20', errors: true, run: 'previous' }, title: 'devctl logs -n 20 --errors --run previous' },
];

/** `devctl diagnose`: one text to paste into an issue. No value of a secret variable stands in it. */
export const run: CommandRun = async (context, _args, flags) => {
  const sections: Section[] = [
    { title: 'versions', text: versions(context) },
    { title: 'events', text: events(context, flags) },
  ];
  for (const { verb, flags: asked, title } of QUESTIONS)
    sections.push({ title, text: await told(context, verb, { ...flags, ...asked }) });
  const redact = await redactor(
    context,
    flags,
    sections.map(({ text }) => text),
  );
  const masked = sections.map(({ title, text }) => ({ title, text: redact(text) }));
  return ok({
    exit: 0,
    schema: 'devctl.diagnose/1',
    data: { sections: masked },
    text: masked.map(({ title, text }) => `## ${title}\n${text}`).join('\n\n'),
  });
};

async function told(context: Context, verb: string, flags: Flags): Promise<string> {
  const result = await context.ask(context, { verb, args: [], flags });
  if (result.ok) return result.value.text;
  const { what, why } = wordFailure(result.failure);
  return [what, ...why].join('\n');
}

function versions({ version, machine }: Context): string {
  const { env } = machine;
  return [
    `devctl ${version}, node ${process.version}, ${process.platform} ${process.arch} ${release()}`,
    `SHELL ${env['SHELL'] ?? '-'}, TERM ${env['TERM'] ?? '-'}, probe ${env['DEVCTL_PROBE'] ?? (process.platform === 'linux' ? '/proc' : 'portable')}`,
  ].join('\n');
}

function events(context: Context, flags: Flags): string {
  const opened = open(context, flags);
  if (!opened.ok) return wordFailure(opened.failure).what;
  const { project, notes } = opened.value;
  const read = readRecord(context.machine.files, project.paths.record);
  if (read.kind !== 'record') return [...notes, 'no run is on record'].join('\n');
  const { record } = read;
  const by = record.startedBy?.kind === 'agent' ? record.startedBy.name : 'a person';
  return [
    ...notes,
    `${record.startedAt}  run ${record.runId} started by ${by}, mode ${record.mode}, wanted: ${record.wanted.join(', ') || 'nothing'}`,
    ...Object.values(record.services).flatMap(({ service, startedAt }) =>
      startedAt === undefined ? [] : [`${startedAt}  ${service.name} started`],
    ),
    ...(record.ended ? [`${record.ended.at}  stopped by ${record.ended.by}`] : []),
  ].join('\n');
}

/** Values from wherever one may have come: a broken Procfile is no reason to tell them. */
async function redactor(context: Context, flags: Flags, texts: string[]): Promise<(text: string) => string> {
  const { machine } = context;
  const opened = open(context, flags);
  if (!opened.ok) return makeRedactor([machine.env, ...texts.flatMap(assignmentsIn)]);
  const { project, record } = opened.value;
  const { parseDotenv } = await import('../../lazy/dotenv.ts');
  const definitions = await load(context, flags, opened.value, {});
  const services = [...(definitions.ok ? definitions.value.services : []), ...(record?.defined ?? [])];
  const named = definitions.ok ? (definitions.value.settings.envFiles ?? []) : [];
  const files = [...machine.files.list(project.root).filter((name) => name.startsWith('.env')), ...named];
  const running = record && !record.ended ? observeProcesses(machine, project, record).owned : [];
  const sources = [
    machine.env,
    ...files.map((name) => parseDotenv(readQuietly(machine.files, resolve(project.root, name)) ?? '')),
    ...services.map(({ env }) => env),
    ...running.map(({ process }) => machine.processes.environment(process.pid)),
    ...texts.flatMap(assignmentsIn),
  ];
  return makeRedactor(sources, [...services.map(({ name }) => name), machine.env['USER'] ?? '']);
}
