import { createServer } from 'node:net';

/** Below the range from which the kernel takes the ports of clients, so that a free one stays free. Source: ip(7). */
const FIRST = 20_000;
const LAST = 31_900;
const taken = new Set<number>();

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

/** So many free ports in a row. */
export async function freePorts(count: number): Promise<number[]> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const first = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    const ports = Array.from({ length: count }, (_, index) => first + index);
    if (ports.some((port) => taken.has(port))) continue;
    for (const port of ports) taken.add(port);
    if ((await Promise.all(ports.map(canBind))).every(Boolean)) return ports;
  }
  throw new Error('no free ports');
}

export function giveBack(ports: number[]): void {
  for (const port of ports) taken.delete(port);
}
