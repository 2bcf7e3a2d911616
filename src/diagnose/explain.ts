import { join } from 'node:path';
import type { Hint, Holder, Mishap, ServiceMishap } from '../failure.ts';
import { lastLines } from '../logs/tail.ts';
import type { Machine } from '../machine/machine.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import { observeProcesses, type ProcessSight } from '../services/observe.ts';
import { describeHeld, findHeldPorts } from '../services/suspects.ts';
import { describeLock, findFrameworkLocks } from '../start/framework-locks.ts';
import { excerptOf } from './excerpt.ts';
import { findHints } from './hints.ts';

const SHOWN_LINES = 20;
const READ_LINES = 200;

/** What a package manager writes into node_modules when it is done. Source: npm 11, yarn 1, pnpm 10. */
const INSTALLED: readonly [string, string][] = [
  ['package-lock.json', 'node_modules/.package-lock.json'],
  ['yarn.lock', 'node_modules/.yarn-integrity'],
  ['pnpm-lock.yaml', 'node_modules/.modules.yaml'],
];

/** A service's mishap with everything that helps to mend it: the telling lines of its log, and what lies behind. */
export function explain(machine: Machine, project: Project, record: RunRecord, service: string, mishap: Mishap): ServiceMishap {
  const recorded = record.services[service];
  const lines = recorded ? lastLines(machine.files, recorded.log, READ_LINES) : [];
  const folders = [...new Set([recorded?.service.cwd ?? project.root, project.root])];
  const sight = observeProcesses(machine, project, record);
  return {
    service,
    mishap,
    logPath: recorded?.log.path ?? '',
    lastLines: excerptOf(lines, SHOWN_LINES),
    hints: [
      ...frameworkLocks(machine, sight, folders),
      ...findHints({
        code: mishap.kind === 'ended' ? mishap.code : undefined,
        log: lines.join('\n'),
        present: new Set(folders.flatMap((folder) => machine.files.list(folder))),
        oldDependencies: folders.map((folder) => oldDependencies(machine, folder)).find((what) => what !== undefined),
        holderOf: (port) => holderOf(machine, project, sight, port),
      }),
    ],
  };
}

function oldDependencies({ files }: Pick<Machine, 'files'>, folder: string): string | undefined {
  if (files.stat(join(folder, 'package.json')) === undefined) return undefined;
  for (const [lockfile, mark] of INSTALLED) {
    const wanted = files.stat(join(folder, lockfile));
    if (!wanted) continue;
    if (files.stat(join(folder, 'node_modules')) === undefined) return 'there is no node_modules';
    const installed = files.stat(join(folder, mark));
    if (installed && wanted.mtimeMs > installed.mtimeMs) return `node_modules is older than ${lockfile}`;
  }
  return undefined;
}

function frameworkLocks(machine: Machine, sight: ProcessSight, folders: string[]): Hint[] {
  const ours = new Set(sight.owned.map(({ process }) => process.pid));
  return findFrameworkLocks(
    machine,
    folders.map((cwd) => ({ cwd })),
    ours,
  ).map((lock) => ({
    kind: 'framework-lock',
    says: describeLock(lock),
    path: lock.path,
    pid: lock.pid,
    isServer: lock.isServer,
  }));
}

function holderOf(machine: Machine, project: Project, sight: ProcessSight, port: number): Holder | undefined {
  const [held] = findHeldPorts(machine, project.root, sight, [{ port, why: 'expected' }]);
  return held && describeHeld(machine, held)[0];
}
