/** kill(2) on one pid above 1; that it is gone, or another's, shows at the next look. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  send(pid, pid, signal);
}

/** To a process group that devctl has made, and that its leader has not left. */
export function sendToOwnGroup(leader: number, signal: NodeJS.Signals): void {
  send(leader, -leader, signal);
}

function send(pid: number, whom: number, signal: NodeJS.Signals): void {
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`no signal may go to pid ${String(pid)}`);
  try {
    process.kill(whom, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
