import type { Breaker } from '../hub/breaker.ts';
import type { JournalRecord, Usage } from '../journal/records.ts';

/** What is true at the moment. */
export interface Present {
  active: number;
  queued: number;
  breaker: Breaker;
}

/** Figures of many requests, by the seeds' names in Prometheus' form. */
export interface RequestMetrics {
  contentType: string;
  text(): Promise<string>;
  received(): void;
  succeeded(usage: Usage): void;
  /** `code`: "rate_limit", "timeout" ... */
  failed(code: string, usage: Usage): void;
  /** Turned away, for there was no room. */
  rejected(): void;
  /** Of requests that have ended, and of them that went well. */
  totals(): { requests: number; successes: number };
}

const DURATION_BUCKETS_MS = [500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 1_800_000];
const QUANTILES = [0.5, 0.95, 0.99];
/** Quantiles are of the last ten minutes. */
const WINDOW = { maxAgeSeconds: 600, ageBuckets: 5 };

export async function makeRequestMetrics(present: () => Present): Promise<RequestMetrics> {
  const { Counter, Gauge, Histogram, Registry, Summary } = await import('../../lazy/telemetry.ts');
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `claude_main_${name}_total`, help, labelNames, registers });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `claude_main_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  const received = counter('request_received', 'Requests that have come in');
  const success = counter('request_success', 'Requests that went well');
  const error = counter('request_error', 'Requests that failed');
  const errors = counter('error', 'Requests that failed, by kind', ['code']);
  const rejected = counter('backpressure_rejected', 'Requests that were turned away because there was no room');
  const input = counter('tokens_input', 'Input tokens, without those of the cache, as Claude Code tells them');
  const output = counter('tokens_output', 'Output tokens, as Claude Code tells them');
  const cost = counter('cost_usd', 'US dollars, as Claude Code tells them');
  const duration = new Histogram({
    name: 'claude_main_request_duration',
    help: 'How long requests take, in ms',
    buckets: DURATION_BUCKETS_MS,
    registers,
  });
  const latency = new Summary({
    name: 'claude_main_latency',
    help: 'How long requests took in the last ten minutes, in ms',
    percentiles: QUANTILES,
    ...WINDOW,
    registers,
  });
  gauge('active_requests', 'Requests that are worked on', () => present().active);
  gauge('queue_depth', 'Requests that wait for room', () => present().queued);
  gauge('circuit_open', '0: closed, 1: open or half open', () => (present().breaker.kind === 'closed' ? 0 : 1));
  gauge('circuit_failures', 'Failures in a row that were nobody’s own', () => present().breaker.failures);
  const totals = { requests: 0, successes: 0 };
  const use = ({ tokens, costUsd, durationMs }: Usage) => {
    totals.requests += 1;
    input.inc(tokens.input);
    output.inc(tokens.output);
    cost.inc(costUsd);
    duration.observe(durationMs);
    latency.observe(durationMs);
  };
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    received: () => {
      received.inc();
    },
    succeeded: (usage) => {
      totals.successes += 1;
      success.inc();
      use(usage);
    },
    failed: (code, usage) => {
      error.inc();
      errors.inc({ code });
      use(usage);
    },
    rejected: () => {
      rejected.inc();
    },
    totals: () => totals,
  };
}

/** A label, as the seeds write error codes. */
export const codeOf = (failureClass: string): string => failureClass.replace(/-/g, '_');

/** An orchestrator's attempts are requests as well. */
export function countRecord(metrics: RequestMetrics, record: JournalRecord): void {
  switch (record.kind) {
    case 'attempt':
      metrics.received();
      return;
    case 'done':
      metrics.succeeded(record.usage);
      return;
    case 'retry':
    case 'failed':
      metrics.failed(codeOf(record.failure.class), record.usage);
      return;
    case 'run':
    case 'spawning':
    case 'spawned':
    case 'put-back':
    case 'skipped':
    case 'cancelled':
    case 'reopened':
  }
}
