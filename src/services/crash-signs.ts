import { plainLine } from './log-text.ts';

/** Lines by which watchers say that they live on and their program does not. Source: measured, nodemon 3.1, node 20 --watch, tsx 4. */
const SIGNS: readonly RegExp[] = [
  /^\[nodemon\] app crashed\b.*/m,
  /^Failed running '.*'/m,
  /^\[ERROR\] .* \[ts-node-dev\] Unable to compile.*/m,
];

/** The line that says so, if the text has one after the last sign of a new try. */
export function findCrashSign(raw: string): string | undefined {
  const log = raw.split('\n').map(plainLine).join('\n');
  const lastTry = Math.max(
    log.lastIndexOf('[nodemon] starting'),
    log.lastIndexOf('[nodemon] restarting'),
    log.lastIndexOf('Restarting '),
  );
  const text = log.slice(Math.max(0, lastTry));
  for (const sign of SIGNS) {
    const match = sign.exec(text);
    if (match) return match[0].trim();
  }
  return undefined;
}
