import { join } from 'node:path';
import type { Machine } from '../machine/machine.ts';

/** A session as Claude Code's own files tell of it. */
export interface Session {
  id: string;
  pid: number;
  /** "interactive", "bg": of its own background service ... */
  kind: string | undefined;
  cwd: string | undefined;
  /** When its state changed last, in ms since 1970. */
  updatedMs: number | undefined;
}

/** Of this user; `CLAUDE_CONFIG_DIR` moves it. */
export function claudeFolder({ env, home }: Pick<Machine, 'env' | 'home'>): string {
  return env['CLAUDE_CONFIG_DIR'] ?? join(env['HOME'] ?? home.home, '.claude');
}

/** Which process runs which session. Source: measured, Claude Code 2.1.329; beside each lies a key, which is never read. */
export function readSessions(machine: Pick<Machine, 'files' | 'env' | 'home' | 'processes'>): Session[] {
  const { files, processes } = machine;
  const folder = join(claudeFolder(machine), 'sessions');
  const { pidNamespace } = processes.world();
  return files.list(folder).flatMap((name) => {
    if (!/^\d+\.json$/.test(name)) return [];
    try {
      const session = JSON.parse(files.readText(join(folder, name)) ?? '{}') as Record<string, unknown>;
      const { sessionId: id, pid, pidDomain } = session;
      // "linux:MACHINE:pid:[4026531836]"
      if (typeof pidDomain === 'string' && !pidDomain.endsWith(pidNamespace)) return [];
      if (typeof id !== 'string' || typeof pid !== 'number') return [];
      const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
      const { updatedAt } = session;
      const updatedMs = typeof updatedAt === 'number' ? updatedAt : undefined;
      return [{ id, pid, kind: text(session['kind']), cwd: text(session['cwd']), updatedMs }];
    } catch {
      return [];
    }
  });
}

/** When a session's transcript was last written to, in ms since 1970. */
export function transcriptMs(machine: Pick<Machine, 'files' | 'env' | 'home'>, { id, cwd }: Session): number | undefined {
  if (cwd === undefined) return undefined;
  // "/home/me/app.x" is "-home-me-app-x". Source: measured.
  const project = cwd.replace(/[^A-Za-z0-9]/g, '-');
  return machine.files.stat(join(claudeFolder(machine), 'projects', project, `${id}.jsonl`))?.mtimeMs;
}
