import type { Holder } from '../failure.ts';
import type { CodeChange } from '../project/code-age.ts';
import type { Mode } from '../project/run-record.ts';
import type { Expectation } from '../project/service.ts';
import { DEFAULTS } from '../project/settings.ts';
import type { Reach, ServiceState } from '../services/state.ts';

/** One service as it was seen. */
export interface ServiceReport {
  name: string;
  state: ServiceState;
  isWanted: boolean;
  reach: Reach;
  expects: Expectation;
  pid?: number;
  listeners: { port: number; address: string }[];
  url?: string;
  uptimeSeconds?: number;
  /** Of its whole tree: time on the processor since it started, and memory. */
  cpuSeconds: number;
  memoryBytes: number;
  processes: number;
  log?: string;
  /** The definition that it runs, against the Procfile and devctl.yml of now. */
  definition: 'current' | 'stale' | 'removed' | 'added';
  /** It started before this change of the code. */
  oldCode?: CodeChange;
}

export interface Stray {
  pid: number;
  service?: string;
  command: string;
  evidence: string;
}

export type Verdict = 'healthy' | 'starting' | 'degraded' | 'stopped';

/** Everything that `devctl status` says. */
export interface StatusReport {
  root: string;
  verdict: Verdict;
  /** One sentence. */
  summary: string;
  /** The one command to type next. */
  next: string;
  mode?: Mode;
  runId?: string;
  procfile?: string;
  startedAt?: string;
  services: ServiceReport[];
  strays: Stray[];
  holders: Holder[];
  staleFiles: string[];
  notes: string[];
}

/** Where a service stands, in a word; the same words in the table and in JSON. */
export type Standing =
  | 'ready'
  | 'running'
  | 'done'
  | 'starting'
  | 'not listening'
  | 'restarting'
  | 'gave up'
  | 'ended'
  | 'crashed'
  | 'daemonized'
  | 'without keeper'
  | 'lost'
  | 'stopped';

export function standing(service: ServiceReport): Standing {
  switch (service.state.kind) {
    case 'idle':
      return 'stopped';
    case 'done':
      return 'done';
    case 'backoff':
      return 'restarting';
    case 'crashed':
      return 'crashed';
    case 'gave-up':
      return 'gave up';
    case 'ended':
      return 'ended';
    case 'daemonized':
      return 'daemonized';
    case 'unkept':
      return 'without keeper';
    case 'lost':
      return 'lost';
    case 'up':
      return standingOfLiving(service);
  }
}

function standingOfLiving({ reach, expects, uptimeSeconds = 0 }: ServiceReport): Standing {
  switch (reach.kind) {
    case 'as-expected':
      return 'ready';
    case 'elsewhere':
      return expects.kind === 'declared' ? 'not listening' : 'ready';
    case 'none-expected':
      return 'running';
    case 'not-yet':
      if (uptimeSeconds < DEFAULTS.startTimeoutMs / 1000) return 'starting';
      return expects.kind === 'declared' ? 'not listening' : 'running';
  }
}

const IS_WELL: Record<Standing, 'well' | 'coming' | 'ill' | 'off'> = {
  ready: 'well',
  running: 'well',
  done: 'well',
  daemonized: 'well',
  starting: 'coming',
  restarting: 'ill',
  'not listening': 'ill',
  'gave up': 'ill',
  ended: 'ill',
  crashed: 'ill',
  'without keeper': 'ill',
  lost: 'ill',
  stopped: 'off',
};

/** The verdict, its sentence, and the one command to type next. Pure. */
export function judgeRun(services: ServiceReport[], strays: Stray[]): Pick<StatusReport, 'verdict' | 'summary' | 'next'> {
  const wanted = services.filter((service) => service.isWanted);
  const by = (kind: 'well' | 'coming' | 'ill' | 'off') => wanted.filter((service) => IS_WELL[standing(service)] === kind);
  const isAnythingAlive = strays.length > 0 || services.some((service) => service.processes > 0);
  if (!isAnythingAlive && by('well').length === 0) {
    const lost = wanted.length > 0 ? `; ${names(wanted)} ended without a stop` : '';
    return { verdict: 'stopped', summary: `nothing is running${lost}`, next: 'devctl start' };
  }
  const [ill] = by('ill');
  const missing = [...by('ill'), ...by('off')];
  if (missing.length > 0 || wanted.length === 0) {
    const what =
      missing.length > 0
        ? missing.map((service) => `${service.name} ${standing(service)}`).join(', ')
        : `${String(strays.length)} stray process(es)`;
    return { verdict: 'degraded', summary: what, next: remedy(ill ?? missing[0]) };
  }
  if (by('coming').length > 0)
    return { verdict: 'starting', summary: `${names(by('coming'))} not ready yet`, next: 'devctl start' };
  if (strays.length > 0)
    return {
      verdict: 'degraded',
      summary: `${String(strays.length)} process(es) of no service are left over`,
      next: 'devctl restart',
    };
  return wellSummary(services, wanted);
}

function wellSummary(services: ServiceReport[], wanted: ServiceReport[]): Pick<StatusReport, 'verdict' | 'summary' | 'next'> {
  const count = `${String(wanted.length)} service${wanted.length === 1 ? '' : 's'} up`;
  const stale = services.filter((service) => service.definition === 'stale');
  if (stale.length > 0)
    return {
      verdict: 'healthy',
      summary: `${count}; ${names(stale)} ${stale.length === 1 ? 'runs' : 'run'} an older definition`,
      next: `devctl restart ${stale.map((service) => service.name).join(' ')}`,
    };
  const removed = services.filter((service) => service.definition === 'removed');
  if (removed.length > 0)
    return {
      verdict: 'healthy',
      summary: `${count}; ${names(removed)} no longer in the Procfile`,
      next: `devctl stop ${removed.map((service) => service.name).join(' ')}`,
    };
  const added = services.filter((service) => service.definition === 'added');
  if (added.length > 0)
    return { verdict: 'healthy', summary: `${count}; ${names(added)} new in the Procfile`, next: 'devctl start' };
  const old = services.filter((service) => service.oldCode);
  if (old.length > 0)
    return {
      verdict: 'healthy',
      summary: `${count}; ${names(old)} may run old code`,
      next: `devctl restart ${old.map((service) => service.name).join(' ')}`,
    };
  return { verdict: 'healthy', summary: count, next: 'devctl logs' };
}

function remedy(service: ServiceReport | undefined): string {
  if (!service) return 'devctl stop';
  switch (standing(service)) {
    case 'ended':
    case 'crashed':
    case 'gave up':
    case 'restarting':
    case 'not listening':
      return `devctl logs ${service.name}`;
    case 'without keeper':
      return `devctl restart ${service.name}`;
    case 'ready':
    case 'running':
    case 'done':
    case 'starting':
    case 'daemonized':
    case 'lost':
    case 'stopped':
      return 'devctl start';
  }
}

function names(services: ServiceReport[]): string {
  return services.map((service) => service.name).join(', ');
}
