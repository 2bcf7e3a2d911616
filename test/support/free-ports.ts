import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProcess } from './process-tree.ts';

/** Below the range from which the kernel takes the ports of clients, so that a free one stays free. Source: ip(7). */
const FIRST = 20_000;
const BLOCK = 8;
const BLOCKS = 1500;

/** Can we have the port? The last word on whether it is free. */
export function canBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => {
      resolve(false);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** So many free ports in a row, ours until they are given back: another test run on this machine takes others. */
export async function freePorts(count: number): Promise<number[]> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const block = Math.floor(Math.random() * BLOCKS);
    if (count > BLOCK || !reserve(block)) continue;
    const ports = Array.from({ length: count }, (_, index) => FIRST + block * BLOCK + index);
    if ((await Promise.all(ports.map(canBind))).every(Boolean)) return ports;
    giveBack(ports);
  }
  throw new Error(`no ${String(count)} free ports`);
}

export function giveBack([first]: number[]): void {
  if (first !== undefined) rmSync(reservation((first - FIRST) / BLOCK), { force: true });
}

function reservation(block: number): string {
  return join(tmpdir(), 'dz-ports', String(block));
}

/** A reservation is a file with the pid of its holder. */
function reserve(block: number): boolean {
  const file = reservation(block);
  mkdirSync(join(tmpdir(), 'dz-ports'), { recursive: true });
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    try {
      if (readProcess(Number(readFileSync(file, 'utf8'))) === undefined) rmSync(file, { force: true });
    } catch {
      // Given back meanwhile.
    }
    return false;
  }
}
