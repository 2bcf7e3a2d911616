import type { HardwareFacts } from '../../machine/hardware.ts';
import { heapFlags, type MemoryPlan } from './plan.ts';

/** The first line of what `--env-file` writes: a file with another one is somebody's. */
export const ENV_FILE_HEADER = '# Written by devctl hardware.';

const NOTE = [
  '# For Claude Code on Node (up to 2.1.112). The native one reads neither, and every node started from this shell gets this heap;',
  '# `devctl claude` sets what the version at hand obeys, for it alone.',
];

/** Shell lines that set the plan for a Claude Code on Node. */
export function exportLines(plan: MemoryPlan): string {
  return [`export NODE_OPTIONS="${heapFlags(plan).join(' ')}"`, `export UV_THREADPOOL_SIZE=${String(plan.threads)}`].join('\n');
}

export const envFileText = (plan: MemoryPlan): string => `${[ENV_FILE_HEADER, ...NOTE, exportLines(plan)].join('\n')}\n`;

const gigabytes = (mb: number): string => `${(mb / 1024).toFixed(1)} GB`;

export function describeMemory({ model, totalBytes, cores }: HardwareFacts, plan: MemoryPlan): string {
  const { effectiveMb, limitedBy, reserveMb, heapMb, ceilingMb, oldSpaceMb, semiSpaceMb, threads, tasks } = plan;
  const totalMb = totalBytes / 2 ** 20;
  const share = Math.round((100 * heapMb) / effectiveMb);
  const of = limitedBy ? 'the limit' : 'total RAM';
  return [
    ['Machine:', [model, `${String(cores)} cores`, gigabytes(totalMb)].filter(Boolean).join(', ')],
    ...(limitedBy ? [['Limit:', `${gigabytes(effectiveMb)} (${limitedBy.source})`]] : []),
    ['Reserve:', `${gigabytes(reserveMb)} for the system`],
    ['Heap Size:', `${gigabytes(heapMb)} (${String(share)}% of ${of}): old space ${String(oldSpaceMb)} MB`],
    ['Semi-Space:', `${String(semiSpaceMb)} MB (three of them are in the heap)`],
    ['Ceiling:', `${gigabytes(ceilingMb)} for Claude Code itself, where a control group can be made`],
    ['Thread Pool:', `${String(threads)} threads`],
    ['Tasks:', `${String(tasks)} claude -p at once`],
  ]
    .map(([name = '', text = '']) => `${name.padEnd(17)}${text}`)
    .concat('', exportLines(plan))
    .join('\n');
}
