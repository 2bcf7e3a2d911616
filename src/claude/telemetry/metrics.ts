import type { GovernorEvent } from '../governor/events.ts';

/** The figures of one launch, as Prometheus reads them. */
export interface Metrics {
  contentType: string;
  text(): Promise<string>;
  onEvent(event: GovernorEvent): void;
}

const WAIT_BUCKETS_SECONDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300];

export async function makeMetrics(labels: { version: string; kind: string }): Promise<Metrics> {
  const { Counter, Gauge, Histogram, Registry } = await import('../../lazy/telemetry.ts');
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name: `devctl_claude_${name}`, help, registers });
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `devctl_claude_${name}`, help, labelNames, registers });

  new Gauge({ name: 'devctl_claude_info', help: 'The Claude Code that runs', labelNames: ['version', 'kind'], registers }).set(
    labels,
    1,
  );
  const running = gauge('processes_running', 'Processes of its tools that may run');
  const queued = gauge('processes_queued', 'Processes of its tools that are stopped until others end');
  const memory = gauge('memory_bytes', 'Resident memory of Claude Code and all below it; what they share is counted for each');
  const cpu = gauge('cpu_seconds', 'CPU time of Claude Code and all below it, as far as they live');
  const started = counter('processes_started_total', 'Processes of its tools that were seen');
  const ended = counter('processes_ended_total', 'Those that have ended, by reason', ['reason']);
  const hung = counter('processes_hung_total', 'Tools that stood still for their time');
  const rotations = counter('rotations_total', 'How often running and queued jobs changed places');
  const waits = new Histogram({
    name: 'devctl_claude_queue_wait_seconds',
    help: 'How long a job was queued',
    buckets: WAIT_BUCKETS_SECONDS,
    registers,
  });
  for (const reason of ['itself', 'hung']) ended.inc({ reason }, 0);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    onEvent: (event) => {
      switch (event.kind) {
        case 'look':
          running.set(event.running);
          queued.set(event.waiting);
          started.inc(event.started);
          ended.inc({ reason: 'itself' }, event.ended);
          memory.set(event.members.reduce((sum, { rssBytes }) => sum + rssBytes, 0));
          cpu.set(event.members.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1000);
          return;
        case 'resumed':
          waits.observe(event.waitedMs / 1000);
          return;
        case 'rotated':
          rotations.inc();
          return;
        case 'hung':
          hung.inc();
          return;
        case 'hung-ended':
          ended.inc({ reason: 'hung' });
          return;
        case 'queued':
        case 'paused':
      }
    },
  };
}
