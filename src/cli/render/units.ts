/** "0.8 s", "12 s", "3 min", "2 h 5 min", "4 d". */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${String(Math.round(seconds))} s`;
  if (seconds < 7200) return `${String(Math.floor(seconds / 60))} min`;
  if (seconds < 48 * 3600) return `${String(Math.floor(seconds / 3600))} h ${String(Math.floor((seconds % 3600) / 60))} min`;
  return `${String(Math.floor(seconds / 86_400))} d`;
}

/** "12 MB"; powers of 1000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${String(Math.round(bytes / 1e3))} kB`;
  if (bytes < 1e9) return `${String(Math.round(bytes / 1e6))} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** "1 process", "3 processes". */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${String(n)} ${n === 1 ? noun : plural}`;
}
