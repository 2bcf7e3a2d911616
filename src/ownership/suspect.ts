import type { ProcessInfo, ProcessTable } from '../machine/processes.ts';
import { isWithin } from '../project/within.ts';
import type { Claim } from './claim.ts';
import { desktopProgram, shieldOf } from './programs.ts';
import type { SetApart } from './set-apart.ts';

/** What is asked of a process that is not ours for certain. */
export interface Candidate {
  process: ProcessInfo;
  command: string;
  cwd: string | undefined;
  /** Ports of ours that it listens on. */
  ports: number[];
  /** A service manager runs it on purpose, and would run it again: "web.service". */
  unit?: string | undefined;
}

/** A process that may be ours, or that holds what is ours, with the verdict. */
export interface Suspect extends Candidate {
  class: 'probable' | 'foreign';
  /** Why: "listens on 3001", "folder in the project", "orphaned" ... */
  evidence: string[];
  service: string | undefined;
  /** Listener, folder and orphaned, all three: a server of ours from before; a start ends it without asking. */
  isOrphanedServer: boolean;
  /** Of an orphaned server: the topmost process of its session above it, a runner that would start it again. */
  top: ProcessInfo;
  /** A desktop program: it is ended by nobody who does not name it. */
  isDesktop: boolean;
}

export interface SuspectView {
  root: string;
  table: ProcessTable;
  claim: Claim;
  /** The current folder of a process; asked only of those that stand above an orphaned server. */
  cwdOf: (pid: number) => string | undefined;
  /** Which service a port belongs to. */
  serviceOfPort: Map<number, string>;
}

/** Parents of orphans beside pid 1: a child subreaper takes them over. Source: prctl(2); systemd, tini, dumb-init, launchd. */
const REAPERS = /^(?:systemd|init|tini|dumb-init|docker-init|catatonit|launchd|s6-svscan|podman-init)$/;

/** Whose it is, by listener, folder, session and command line. A name alone is no evidence. Pure. */
export function judgeSuspect(candidate: Candidate, view: SuspectView): Suspect {
  const { process, command, cwd, ports } = candidate;
  const { claim, table } = view;
  const isDesktop = desktopProgram(process.comm, () => command) !== undefined;
  const listens = ports.map((port) => `listens on ${String(port)}`);
  const foreign = (why: string): Suspect => ({
    ...candidate,
    class: 'foreign',
    evidence: [...listens, why],
    service: serviceOf(ports, view),
    isOrphanedServer: false,
    top: process,
    isDesktop,
  });
  if (process.uid !== claim.uid) return foreign("another user's");
  if (claim.spared.has(process.pid)) return foreign('devctl runs below it');
  // What a person works with may be left without its shell in any folder.
  const shield = shieldOf(process.comm, () => command);
  if (shield !== undefined) return foreign(shield);
  if (cwd === undefined) return foreign('its folder cannot be read');
  if (!isWithin(cwd, view.root)) return foreign('its folder is elsewhere');

  if (candidate.unit !== undefined) return foreign(`run by ${candidate.unit}`);
  const isLeaderless = sessionLeaderIsGone(process, table);
  const isOrphaned = isLeaderless || hasReaper(process, table);
  const service = [...claim.commands].find(([, line]) => isCommandLine(command, line))?.[0];
  const evidence = [
    ...listens,
    'folder in the project',
    ...(isLeaderless ? [`session ${String(process.sid)} without its leader`] : isOrphaned ? ['orphaned'] : []),
    ...(service === undefined ? [] : [`command line of ${service}`]),
  ];
  const isProbable = (ports.length > 0 && isOrphaned) || isLeaderless || service !== undefined;
  return {
    ...candidate,
    class: isProbable ? 'probable' : 'foreign',
    evidence: isProbable || isOrphaned ? evidence : [...evidence, 'not orphaned: somebody runs it'],
    service: service ?? serviceOf(ports, view),
    isOrphanedServer: ports.length > 0 && isOrphaned && !isDesktop,
    top: isLeaderless ? topOfSession(process, view) : process,
    isDesktop,
  };
}

/** What carries our mark and was set apart is probable, with its reason. */
export function suspectSetApart(apart: SetApart, candidate: Candidate): Suspect {
  return {
    ...candidate,
    class: 'probable',
    evidence: [...apart.evidence, ...candidate.ports.map((port) => `listens on ${String(port)}`)],
    service: apart.service,
    isOrphanedServer: false,
    top: candidate.process,
    isDesktop: apart.kind === 'desktop',
  };
}

function serviceOf(ports: number[], { serviceOfPort }: SuspectView): string | undefined {
  return ports.map((port) => serviceOfPort.get(port)).find((name) => name !== undefined);
}

/** The number of a session whose leader has ended: nobody is in charge of it any more. */
function sessionLeaderIsGone(process: ProcessInfo, table: ProcessTable): boolean {
  const leader = table.byPid.get(process.sid);
  // A number that was used again does not lead that session.
  return process.sid > 0 && (leader === undefined || leader.state === 'Z' || leader.sid !== process.sid);
}

/** A runner of its own session and of this project, which would start the server again. */
function topOfSession(process: ProcessInfo, { root, table, claim, cwdOf }: SuspectView): ProcessInfo {
  let top = process;
  for (;;) {
    const parent = table.byPid.get(top.ppid);
    if (!parent || parent.pid <= 1 || parent.sid !== process.sid || claim.spared.has(parent.pid)) return top;
    if (!isWithin(cwdOf(parent.pid) ?? '', root) || shieldOf(parent.comm, () => claim.commandOf(parent.pid)) !== undefined)
      return top;
    top = parent;
  }
}

/** Whoever shares the reaper's session was started by it: the first process of a container. */
export function hasReaper(process: ProcessInfo, table: ProcessTable): boolean {
  const parent = table.byPid.get(process.ppid);
  const isReaper = process.ppid === 1 || (parent !== undefined && REAPERS.test(parent.comm));
  const isOfItsSession = process.sid > 0 && parent?.sid === process.sid;
  return isReaper && !isOfItsSession;
}

/** `sh -c LINE` as a shell has it, or the line's own words after `exec`. */
function isCommandLine(command: string, line: string): boolean {
  const words = line.trim();
  return command.endsWith(` -c ${words}`) || command === words.replace(/^exec\s+/, '');
}
