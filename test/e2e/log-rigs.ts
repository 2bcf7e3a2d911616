import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Rig, type RunOptions, type TestMode } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

export interface LogsData {
  services: { name: string; path: string; lines: string[]; omittedLines: number; cutLines: number; foldedLines: number }[];
  cursor: string;
}

export const numbered = (from: number, to: number, text = ''): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${String(from + index)}${text}`);

/** A project whose service prints these lines and stays. */
export async function printing(text: string, mode: TestMode = 'direct'): Promise<Rig> {
  const rig = Rig.create({ lines: text, 'Procfile.dev': 'web: cat lines; exec sleep 600\n' });
  return started(rig, { env: { DEVCTL_MODE: mode } });
}

/** A project whose services print whatever is appended to the file `feed`. */
export async function feeding(names = ['web']): Promise<Rig> {
  const rig = Rig.create({
    feed: 'first\n',
    'Procfile.dev': names.map((name) => `${name}: exec tail -n +1 -F feed\n`).join(''),
  });
  return started(rig);
}

/** A rig that nobody got cannot be disposed of by anybody else. */
async function started(rig: Rig, options?: RunOptions): Promise<Rig> {
  try {
    await expectStarted(rig, 'start', options);
    return rig;
  } catch (error) {
    await rig[Symbol.asyncDispose]();
    throw error;
  }
}

export async function expectStarted(rig: Rig, words: string, options?: RunOptions): Promise<void> {
  const { code } = await rig.devctl(words, options);
  expect(code, rig.history).toBe(0);
}

export async function feed(rig: Rig, ...lines: string[]): Promise<void> {
  appendFileSync(join(rig.project, 'feed'), lines.map((line) => `${line}\n`).join(''));
  await waitFor('the line to be logged', () => rig.read('log/web.log').includes(lines.at(-1) ?? ''));
}

export async function logs(rig: Rig, words = '', options?: RunOptions): Promise<string> {
  const { code, stdout } = await rig.devctl(`logs ${words}`, options);
  expect(code, rig.history).toBe(0);
  return stdout;
}
