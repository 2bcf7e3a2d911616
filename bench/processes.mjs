import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { poll } from './poll.mjs';

/** @typedef {{ pid: number, argv: string[] }} Found */

/** @param {string} path */
function slurp(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} path */
function link(path) {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** @param {string} stat */
const isDeadStat = (stat) => stat === '' || /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));

/**
 * Living processes that a folder of this bench gives away: by their working folder, their command line or their environment.
 * Knows nothing of devctl, and finds the peers' processes the same way.
 * @param {string} root
 * @returns {Found[]}
 */
export function processesOf(root) {
  const found = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const command = slurp(`/proc/${name}/cmdline`);
    const isOurs = [link(`/proc/${name}/cwd`), command, slurp(`/proc/${name}/environ`)].some((text) => text.includes(root));
    if (isOurs && !isDeadStat(slurp(`/proc/${name}/stat`)))
      found.push({ pid: Number(name), argv: command.split('\0').slice(0, -1) });
  }
  return found;
}

/**
 * Proportional set size in kB: shared pages count by the share of each process.
 * @param {number} pid
 */
export const pssKb = (pid) => Number(/^Pss:\s+(\d+)/m.exec(slurp(`/proc/${String(pid)}/smaps_rollup`))?.[1] ?? 0);

/**
 * Time on the processor, without children, in ms.
 * @param {number} pid
 */
export function cpuMs(pid) {
  const stat = slurp(`/proc/${String(pid)}/stat`);
  const field = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(field[11] ?? 0) + Number(field[12] ?? 0)) * 10;
}

/**
 * Blocks until all have died, and says when each was seen dead. /proc files stay open: a look is one read each.
 * @param {number[]} pids
 * @param {number} deadlineMs
 * @returns {Map<number, number>}
 */
export function watchDeaths(pids, deadlineMs) {
  const buffer = Buffer.alloc(512);
  /** @type {Map<number, number>} */
  const deaths = new Map();
  /** @type {Map<number, number>} */
  const open = new Map();
  for (const pid of pids) {
    try {
      open.set(pid, openSync(`/proc/${String(pid)}/stat`, 'r'));
    } catch {
      deaths.set(pid, performance.now());
    }
  }
  const isDead = (/** @type {number} */ fd) => {
    try {
      return isDeadStat(buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0)));
    } catch {
      return true;
    }
  };
  try {
    poll(
      'processes to end',
      () => {
        for (const [pid, fd] of open) {
          if (!isDead(fd)) continue;
          deaths.set(pid, performance.now());
          closeSync(fd);
          open.delete(pid);
        }
        return open.size === 0;
      },
      deadlineMs,
    );
  } finally {
    for (const fd of open.values()) closeSync(fd);
  }
  return deaths;
}

/** The share of the processors that was busy during the next moments. */
async function busyShare(ms = 400) {
  const read = () => (/^cpu +(.*)$/m.exec(slurp('/proc/stat'))?.[1] ?? '').split(' ').map(Number);
  const before = read();
  await new Promise((resolve) => setTimeout(resolve, ms));
  const delta = read().map((value, index) => value - (before[index] ?? 0));
  const idle = (delta[3] ?? 0) + (delta[4] ?? 0);
  const total = delta.slice(0, 8).reduce((sum, value) => sum + value, 0);
  return total === 0 ? 0 : 1 - idle / total;
}

/**
 * Waits a while for a machine at rest, and says how busy it was in the end.
 * @param {number} waitMs
 */
export async function quietMachine(waitMs) {
  const end = performance.now() + waitMs;
  let busy = await busyShare();
  while (busy > 0.15 && performance.now() < end) busy = await busyShare(1500);
  return busy;
}
