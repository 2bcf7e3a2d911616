/** kill(2) on one pid above 1; `gone` for ESRCH, `refused` for EPERM. */
export function sendSignal(pid: number, signal: NodeJS.Signals): 'sent' | 'gone' | 'refused' {
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`no signal may go to pid ${String(pid)}`);
  try {
    process.kill(pid, signal);
    return 'sent';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'refused' : 'gone';
  }
}
