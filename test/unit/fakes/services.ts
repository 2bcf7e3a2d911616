import { inferPort } from '../../../src/project/infer-port.ts';
import { resolveServices, type ResolveInput } from '../../../src/project/resolve.ts';
import type { Service } from '../../../src/project/service.ts';
import type { ProcfileEntry } from '../../../src/project/procfile.ts';

/** A service with every default, but for what is given. */
export function makeService(over: Partial<Service> = {}): Service {
  const name = over.name ?? 'web';
  return {
    name,
    entry: name.replace(/\.\d+$/, ''),
    command: 'sleep 60',
    cwd: '/app',
    shell: 'sh',
    port: 3000,
    expects: { kind: 'nowhere' },
    ready: { settleMs: 400 },
    stopSignal: 'TERM',
    graceMs: 5000,
    restart: 'never',
    dependsOn: {},
    env: {},
    autostart: true,
    oneShot: false,
    patterns: [],
    mark: '2305843009213693952',
    fingerprint: `of ${name}`,
    ...over,
  };
}

export function entries(commands: Record<string, string>): ProcfileEntry[] {
  return Object.entries(commands).map(([name, command], index) => ({ name, command, line: index + 1 }));
}

/** What a Procfile of these commands defines; a failure is thrown. */
export function resolved(commands: Record<string, string>, over: Partial<ResolveInput> = {}): Service[] {
  const result = resolveServices({
    root: '/app',
    id: 'abcabcabcabc',
    entries: entries(commands),
    settings: {},
    formation: {},
    portBase: 3000,
    ...over,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

/** `port 3000`, `env`, `somewhere`, `none`: a hint in a word or two. */
export function hintWords(command: string): string {
  const hint = inferPort(command);
  return hint.kind === 'port' ? `port ${String(hint.port)}` : hint.kind;
}
