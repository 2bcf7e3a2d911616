import { readdirSync, readFileSync } from 'node:fs';

/** How many of some processes run and are stopped, at one moment. */
export interface Glance {
  atMs: number;
  running: number;
  stopped: number;
}

/** The states of all processes whose command line matches, by pid: R, S, T ... */
export function statesOf(match: RegExp): Map<number, string> {
  const found = new Map<number, string>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d/.test(entry))) {
    try {
      if (!match.test(readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' '))) continue;
      const text = readFileSync(`/proc/${name}/stat`, 'latin1');
      found.set(Number(name), text.slice(text.lastIndexOf(')') + 2)[0] ?? '?');
    } catch {
      // It has ended.
    }
  }
  return found;
}

/** Looks at them by itself, apart from devctl, until it is disposed of. */
export class Sampler implements Disposable {
  readonly glances: Glance[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(match: RegExp, everyMs = 10) {
    this.#timer = setInterval(() => {
      const states = [...statesOf(match).values()].filter((state) => state !== 'Z' && state !== 'X');
      const stopped = states.filter((state) => state === 'T').length;
      this.glances.push({ atMs: Date.now(), running: states.length - stopped, stopped });
    }, everyMs);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
