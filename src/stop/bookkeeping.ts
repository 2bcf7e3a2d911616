import { join } from 'node:path';
import type { Machine } from '../machine/machine.ts';
import type { Project } from '../project/project.ts';
import { writeRecord, type RunRecord } from '../project/run-record.ts';
import type { ApplyOptions } from './options.ts';

/** Keepers look for these before they start anything again. */
export function markStopping({ files }: Machine, project: Project, services: 'all' | string[]): void {
  files.makeFolder(project.paths.run, { isPrivate: true });
  const names = services === 'all' ? ['stopping'] : services.map((name) => `${name}.stopping`);
  for (const name of names) files.createNew(join(project.paths.run, name), '');
}

/** The record says what is true now: nothing of these services is alive. */
export function forget(
  { files, clock }: Machine,
  project: Project,
  record: RunRecord,
  services: 'all' | string[],
  options: ApplyOptions,
  held: number[],
): void {
  const gone = (name: string) => services === 'all' || services.includes(name);
  const rest = Object.fromEntries(Object.entries(record.services).filter(([name]) => !gone(name)));
  record.services = rest;
  record.wanted = record.wanted.filter((name) => !gone(name));
  for (const name of files.list(project.paths.run)) {
    const [service = ''] = /^(.+)\.(?:spec|stdin|exit|stopping)$/.exec(name)?.slice(1) ?? [];
    if (service !== '' && gone(service)) files.remove(join(project.paths.run, name));
  }
  if (services === 'all' && !options.keepServer) {
    delete record.tmux;
    record.ended = { at: new Date(clock.now()).toISOString(), by: options.by, ...(held.length > 0 ? { portsLeft: held } : {}) };
  }
  writeRecord(files, project.paths.record, record);
}

/** A stop stops, also where nothing can be written down: the record then speaks of processes that nobody will find. */
export function withoutSpace(write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EROFS') throw error;
  }
}
