import { standing, type ServiceReport, type Standing, type StatusReport } from '../../status/report.ts';
import { probableSignal } from '../../services/exit-file.ts';
import { describeHolder } from '../wording-holdouts.ts';
import { out } from './colors.ts';
import { shownPath } from './shown-path.ts';
import { renderTable } from './table.ts';
import { formatBytes, formatSeconds } from './units.ts';

const COLOR: Record<Standing, (text: string) => string> = {
  ready: out.green,
  running: out.green,
  done: out.green,
  daemonized: out.green,
  starting: out.yellow,
  restarting: out.yellow,
  'not listening': out.red,
  'gave up': out.red,
  ended: out.red,
  crashed: out.red,
  'without keeper': out.yellow,
  lost: out.red,
  stopped: out.dim,
};

export function renderStatus(report: StatusReport): string {
  const rows = report.services.map(serviceRow);
  const strays = report.strays.map(
    (stray) => `stray  pid ${String(stray.pid)}  ${stray.command.slice(0, 100)}  (certain: ${stray.evidence})`,
  );
  return [
    ...(rows.length > 0 ? [renderTable(rows)] : []),
    ...report.services.flatMap(serviceNotes).map((note) => `note: ${note}`),
    ...strays,
    ...report.holders.map((holder) => `note: ${describeHolder(holder)}`),
    ...report.staleFiles.map((path) => `note: ${path} is stale; devctl stop removes it`),
    ...report.notes.map((note) => `note: ${note}`),
    verdictLine(report),
  ].join('\n');
}

/** `devctl` alone. */
export function renderBrief(report: StatusReport): string {
  const names = report.services.map(
    (service) =>
      `${service.name} ${COLOR[standing(service)](standing(service))}${service.url === undefined ? '' : ` ${service.url}`}`,
  );
  return `${names.join(' · ')}\n${verdictLine(report)} (devctl --help for more)`;
}

export const verdictColor = (verdict: StatusReport['verdict']): ((text: string) => string) =>
  verdict === 'healthy' ? out.green : verdict === 'stopped' ? out.dim : out.yellow;

function verdictLine({ verdict, summary, next }: StatusReport): string {
  return `${verdictColor(verdict)(verdict.toUpperCase())}: ${summary}. Next: ${next}`;
}

function serviceRow(service: ServiceReport): string[] {
  const word = standing(service);
  const isAlive = service.processes > 0;
  return [
    out.bold(service.name),
    COLOR[word](word),
    service.pid === undefined ? exitWord(service) : `pid ${String(service.pid)}`,
    service.url === undefined ? '' : out.cyan(service.url),
    isAlive && service.uptimeSeconds !== undefined ? `up ${formatSeconds(service.uptimeSeconds)}` : '',
    isAlive ? `cpu ${formatSeconds(service.cpuSeconds)}` : '',
    isAlive ? formatBytes(service.memoryBytes) : '',
    service.log === undefined ? '' : out.dim(shownPath(service.log)),
  ];
}

function exitWord({ state }: ServiceReport): string {
  if (!('code' in state)) return '';
  const signal = probableSignal(state.code);
  return `code ${String(state.code)}${signal === undefined ? '' : ` (probably SIG${signal})`}`;
}

function serviceNotes(service: ServiceReport): string[] {
  const { name, state, reach, definition, oldCode } = service;
  const notes: string[] = [];
  if (reach.kind === 'elsewhere') notes.push(`${name} listens on ${reach.ports.join(', ')}, not on ${String(reach.expected)}`);
  if (reach.kind === 'not-yet' && standing(service) === 'running')
    notes.push(`${name} listens nowhere${'port' in service.expects ? ` (${String(service.expects.port)} was expected)` : ''}`);
  if ('restarts' in state && state.restarts > 0) notes.push(`${name} was restarted ${String(state.restarts)} time(s)`);
  if (state.kind === 'daemonized') notes.push(`${name}: its command has ended, processes of it live on`);
  if (state.kind === 'crashed')
    notes.push(`${name}: its command ended with code ${String(state.code)} and left processes behind: devctl start ends them`);
  if (state.kind === 'unkept') notes.push(`${name}: its keeper was killed; it runs, and is not restarted`);
  if (definition === 'stale') notes.push(`${name} runs an older definition: devctl restart ${name}`);
  if (definition === 'added') notes.push(`${name} is new in the Procfile: devctl start ${name}`);
  if (definition === 'removed') notes.push(`${name} is no longer in the Procfile: devctl stop ${name}`);
  if (oldCode)
    notes.push(
      `${name} runs old code: it started before the last ${oldCode.what} (${formatSeconds((Date.now() - oldCode.atMs) / 1000)} ago)`,
    );
  return notes;
}

export function statusData(report: StatusReport): unknown {
  return {
    ...report,
    services: report.services.map(({ state, oldCode, ...service }) => ({
      ...service,
      state: standing({ state, ...service }),
      ...('code' in state
        ? {
            lastExit: {
              code: state.code,
              ...(probableSignal(state.code) === undefined ? {} : { probableSignal: `SIG${probableSignal(state.code) ?? ''}` }),
            },
          }
        : {}),
      restarts: 'restarts' in state ? state.restarts : 0,
      ...(oldCode ? { oldCode: { at: new Date(oldCode.atMs).toISOString(), what: oldCode.what } } : {}),
    })),
  };
}
