import type { Holder } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';
import type { ProcessInfo } from '../machine/processes.ts';
import { judgeSuspect, suspectSetApart, type Suspect } from '../ownership/suspect.ts';
import type { ProjectPort } from '../project/ports.ts';
import { isWithin } from '../project/within.ts';
import type { ProcessSight } from './observe.ts';

/** A port of ours that somebody listens on who is not ours for certain; no suspects where nobody may see who it is. */
export interface HeldPort {
  port: number;
  uid: number;
  suspects: Suspect[];
}

type Eyes = Pick<Machine, 'processes' | 'listeners'>;

/** Who listens on these ports, but for those that are ours for certain. Clients of a port are nobody's business. */
export function findHeldPorts(machine: Eyes, root: string, sight: ProcessSight, ports: ProjectPort[]): HeldPort[] {
  const { listeners } = machine;
  const wanted = new Set(ports.map(({ port }) => port));
  const held = wanted.size === 0 ? [] : listeners.all().filter((listener) => wanted.has(listener.port));
  if (held.length === 0) return [];
  const certain = new Set(sight.owned.map(({ process }) => process.pid));
  const holders = listeners.ownedBy(
    sight.table.all.map(({ pid }) => pid),
    held,
  );
  const strangers = holders.filter(({ pid }) => !certain.has(pid));
  const portsOf = new Map<number, number[]>();
  for (const { pid, port } of strangers) portsOf.set(pid, [...new Set([...(portsOf.get(pid) ?? []), port])]);
  const suspects = judgeAll(machine, root, sight, ports, portsOf, [...portsOf.keys()]);

  const isHeldByOthers = (inode: string) => {
    const here = holders.filter((holder) => holder.inode === inode);
    return here.length === 0 || here.some(({ pid }) => !certain.has(pid));
  };
  return [...wanted].flatMap((port) => {
    const first = held.find((listener) => listener.port === port && isHeldByOthers(listener.inode));
    return first ? [{ port, uid: first.uid, suspects: suspects.filter((suspect) => suspect.ports.includes(port)) }] : [];
  });
}

/** Those that are probably ours and hold no port: their folder is in the project, or they carry our mark. About 10 us a process. */
export function findQuietSuspects({ processes, listeners }: Eyes, root: string, sight: ProcessSight): Suspect[] {
  const { table, owned, setApart } = sight;
  const certain = new Set(owned.map(({ process }) => process.pid));
  const others = table.all.filter(({ pid, state }) => !certain.has(pid) && state !== 'Z').map(({ pid }) => pid);
  const apart = new Set(setApart.map(({ process }) => process.pid));
  const cwds = processes.cwds(others);
  const near = others.filter((pid) => apart.has(pid) || isWithin(cwds.get(pid) ?? '', root));
  return judgeAll({ processes, listeners }, root, sight, [], new Map(), near).filter(({ class: kind }) => kind === 'probable');
}

/** Whoever holds a port of ours, and then the quiet ones; each once. */
export function findSuspects(machine: Eyes, root: string, sight: ProcessSight, ports: ProjectPort[]): Suspect[] {
  const holders = findHeldPorts(machine, root, sight, ports).flatMap(({ suspects }) => suspects);
  const all = [...holders, ...findQuietSuspects(machine, root, sight)];
  return [...new Map(all.reverse().map((suspect) => [suspect.process.pid, suspect])).values()].reverse();
}

function judgeAll(
  { processes }: Eyes,
  root: string,
  { table, claim, setApart }: ProcessSight,
  ports: ProjectPort[],
  portsOf: Map<number, number[]>,
  pids: number[],
): Suspect[] {
  const cwds = processes.cwds(pids);
  const apart = new Map(setApart.map((one) => [one.process.pid, one]));
  const serviceOfPort = new Map(ports.flatMap(({ port, service }) => (service === undefined ? [] : [[port, service]])));
  const judge = (process: ProcessInfo, uid: number): Suspect => {
    const { pid } = process;
    const candidate = {
      process: { ...process, uid },
      command: processes.argv(pid).join(' ') || `[${process.comm}]`,
      cwd: cwds.get(pid),
      ports: portsOf.get(pid) ?? [],
      unit: processes.unit(pid),
    };
    const one = apart.get(pid);
    return one
      ? suspectSetApart(one, candidate)
      : judgeSuspect(candidate, { root, table, claim, serviceOfPort, cwdOf: (other) => processes.cwds([other]).get(other) });
  };
  return pids.flatMap((pid) => {
    const process = table.byPid.get(pid);
    const uid = processes.uid(pid);
    return process && uid !== undefined ? [judge(process, uid)] : [];
  });
}

/** A held port in plain data, for whoever is told of it; one entry for each process that has it. */
export function describeHeld({ processes }: Pick<Machine, 'processes'>, { port, uid, suspects }: HeldPort): Holder[] {
  if (suspects.length === 0) return [{ port, user: processes.userName(uid) }];
  return suspects.map(({ process, command, cwd, class: kind, evidence }) => ({
    port,
    pid: process.pid,
    command,
    user: processes.userName(process.uid),
    ageSeconds: processes.ageSeconds(process),
    class: kind,
    evidence: evidence.join(', '),
    ...(cwd === undefined ? {} : { cwd }),
  }));
}
