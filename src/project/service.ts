import type { PortHint } from './infer-port.ts';

export type RestartPolicy = 'never' | 'on-failure' | 'always';
export type Condition = 'ready' | 'started' | 'completed';
export type StopSignal = 'TERM' | 'INT' | 'QUIT' | 'HUP' | 'USR1' | 'USR2' | 'ABRT' | 'KILL';

/** Where a service is expected to listen, and how surely. Only `declared` can fail a start. */
export type Expectation =
  | { kind: 'declared'; port: number }
  | { kind: 'inferred'; port: number; from: string }
  | { kind: 'somewhere'; from: string }
  | { kind: 'nowhere' };

/** One service as it is to be run: the Procfile's line and everything that devctl.yml says of it. Plain data, kept in the run record. */
export interface Service {
  /** `web`, or `web.2` where it has several instances. */
  name: string;
  /** Its name in the Procfile. */
  entry: string;
  command: string;
  /** Absolute. */
  cwd: string;
  shell: string;
  /** What it is given as `PORT`. */
  port: number;
  expects: Expectation;
  ready: { http?: string; log?: string; settleMs: number };
  stopSignal: StopSignal;
  graceMs: number;
  restart: RestartPolicy;
  dependsOn: Record<string, Condition>;
  env: Record<string, string>;
  autostart: boolean;
  /** Ends by itself, with exit code 0. */
  oneShot: boolean;
  patterns: string[];
  /** The number that every process of it carries (design: the mark). */
  mark: string;
  /** Changes when anything of the definition changes. */
  fingerprint: string;
}

export function expectation(hint: PortHint, declared: number | undefined, given: number): Expectation {
  if (declared !== undefined) return { kind: 'declared', port: declared };
  switch (hint.kind) {
    case 'port':
      return { kind: 'inferred', port: hint.port, from: hint.from };
    case 'env':
      return { kind: 'inferred', port: given, from: hint.from };
    case 'somewhere':
      return { kind: 'somewhere', from: hint.from };
    case 'none':
      return { kind: 'nowhere' };
  }
}

/** The port that `<NAME>_PORT` names: the expected one, else the one that it was given. */
export function announcedPort(service: Pick<Service, 'expects' | 'port'>): number {
  return 'port' in service.expects ? service.expects.port : service.port;
}
