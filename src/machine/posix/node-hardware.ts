import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Files } from '../files.ts';
import type { Hardware } from '../hardware.ts';
import { readQuietly } from '../read-quietly.ts';
import { groupCores, groupMemoryLimits } from '../linux/cgroup-limits.ts';

/** The machine as Node sees it, and under Linux the limits of our control groups, which `os.totalmem` passes over. */
export function nodeHardware(files: Pick<Files, 'readText'>): Hardware {
  return {
    describe: () => {
      const totalBytes = totalmem();
      const read = (path: string) => readQuietly(files, path);
      // 0 or 2^64 where there is none. Source: measured, Node 20.20.
      const constrained = { bytes: process.constrainedMemory(), source: 'process.constrainedMemory()' };
      const limits = [...groupMemoryLimits(read), constrained].filter(({ bytes }) => bytes > 0 && bytes < totalBytes);
      return {
        model: cpus()[0]?.model.trim() ?? '',
        totalBytes,
        limits,
        cores: Math.min(availableParallelism(), groupCores(read) ?? Infinity),
      };
    },
  };
}
