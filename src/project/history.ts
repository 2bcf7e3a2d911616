import type { Files } from '../machine/files.ts';
import type { Service } from './service.ts';

/** What was learned of a service the last time that it came up. */
export interface Lesson {
  fingerprint: string;
  /** From its start until it was ready. */
  seconds: number;
  ports: number[];
}

export type History = Record<string, Lesson>;

export function readHistory(files: Files, path: string): History {
  try {
    const value: unknown = JSON.parse(files.readText(path) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as History) : {};
  } catch {
    return {};
  }
}

export function writeHistory(files: Files, path: string, history: History): void {
  files.writeAtomic(path, `${JSON.stringify(history)}\n`);
}

/** A service whose line says nothing of a port, or names one where nothing ever listened, is expected to do as it did last time. */
export function withLesson(service: Service, lesson: Lesson | undefined): Service {
  if (lesson?.fingerprint !== service.fingerprint || service.expects.kind === 'declared') return service;
  const [port] = lesson.ports;
  if (port === undefined) return { ...service, expects: { kind: 'nowhere' } };
  if (service.expects.kind === 'inferred') return service;
  return { ...service, expects: { kind: 'inferred', port, from: 'where it listened last time' } };
}
