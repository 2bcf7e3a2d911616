import type { Failure, Holder, Survivor } from '../failure.ts';
import { count, formatSeconds } from './render/units.ts';

/** Who holds a port, in a line. */
export function describeHolder(holder: Holder): string {
  if (holder.pid === undefined)
    return `port ${String(holder.port)} is held by a process of ${holder.user ?? 'another user'} that you may not see`;
  const details = [
    ...(holder.cwd === undefined ? [] : [`in ${holder.cwd}`]),
    ...(holder.user === undefined ? [] : [`user ${holder.user}`]),
    ...(holder.ageSeconds === undefined ? [] : [`up ${formatSeconds(holder.ageSeconds)}`]),
  ];
  const whose = holder.class === undefined ? '' : `  ${holder.class}: ${holder.evidence ?? ''}`;
  return `port ${String(holder.port)} is held by pid ${String(holder.pid)} "${holder.command ?? '?'}"${details.length > 0 ? ` (${details.join(', ')})` : ''}${whose}`;
}

export function describeIncomplete(survivors: number, held: Holder[], others: number): string {
  const ports = [...new Set(held.map(({ port }) => String(port)))];
  return [
    ...(survivors > 0 ? [`${count(survivors, 'process', 'processes')} could not be ended`] : []),
    ...(ports.length > 0 ? [`port ${ports.join(', ')} ${ports.length === 1 ? 'is' : 'are'} not free`] : []),
    ...(others > 0 ? [`${count(others, 'project')} could not be stopped`] : []),
  ].join('; ');
}

export function describeSurvivor({ pid, service, command, class: kind, evidence, why, user }: Survivor): string {
  const reason = {
    'outlived-kill': 'it outlived SIGKILL',
    uninterruptible: 'it waits in the kernel and hears no signal',
    'not-permitted': `it runs as ${user ?? 'another user'}, whom you may not signal`,
  }[why];
  return `pid ${String(pid)}  ${service ?? '-'}  ${command}  ${kind}: ${evidence}; ${reason}`;
}

export function survivorFix({ pid, why }: Survivor): string {
  switch (why) {
    case 'not-permitted':
      return `sudo kill ${String(pid)}`;
    case 'uninterruptible':
      return `cat /proc/${String(pid)}/wchan   what it waits for`;
    case 'outlived-kill':
      return `ps -o pid,ppid,stat,wchan,args -p ${String(pid)}   what it does`;
  }
}

export function heldFix({ class: kind, pid }: Holder): string[] {
  if (kind === 'probable') return ['devctl stop --force   end what is probably ours as well'];
  return pid === undefined ? [] : [`kill ${String(pid)}   end it, if it may go`];
}

export function portFix({ service, holder, nextFree, isTaken }: Failure & { code: 'PORT_HELD' }): string[] {
  const port = String(holder.port);
  return [
    ...(holder.pid === undefined || isTaken ? [] : [`devctl start --take-port ${port}   end that process first`]),
    ...(nextFree === undefined || service === undefined
      ? []
      : [`port: ${String(nextFree)}   under services.${service} in devctl.yml: a free port`]),
    ...(isTaken || holder.pid === undefined ? [`sudo lsof -nP -iTCP:${port} -sTCP:LISTEN   who it is`] : []),
  ];
}
