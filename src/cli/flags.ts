import { durationMs } from '../project/duration.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Flags } from './context.ts';

export const flagText = (flags: Flags, name: string): string | undefined =>
  typeof flags[name] === 'string' ? flags[name] : undefined;
export const flagSet = (flags: Flags, name: string): boolean => flags[name] === true;
/** Of a flag that may be given several times, or with commas: all its words. */
export const flagList = (flags: Flags, name: string): string[] => {
  const value = flags[name];
  const parts = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];
  return parts
    .flatMap((part) => part.split(','))
    .map((part) => part.trim())
    .filter(Boolean);
};

/** "30", "30s", "500ms", "2m", "1h" in milliseconds; a bare number is seconds. */
export function parseDuration(text: string, flag: string): Result<number> {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  if (!match) return fail({ code: 'USAGE', what: `${flag} "${text}" is not a duration`, fix: [`${flag} 30s`] });
  return ok(durationMs(`${match[1] ?? ''}${match[2] ?? 's'}`));
}

export function flagDuration(flags: Flags, name: string, flag: string): Result<number | undefined> {
  const text = flagText(flags, name);
  return text === undefined ? ok(undefined) : parseDuration(text, flag);
}

/** A whole number of at least `least`. */
export function flagCount(flags: Flags, name: string, flag: string, least = 0): Result<number | undefined> {
  const text = flagText(flags, name);
  if (text === undefined) return ok(undefined);
  return /^\d+$/.test(text) && Number(text) >= least
    ? ok(Number(text))
    : fail({ code: 'USAGE', what: `${flag} "${text}" is not a number of at least ${String(least)}`, fix: [`${flag} 100`] });
}

/** `--take-port 3001,5175` */
export function parsePorts(parts: string[], flag: string): Result<number[]> {
  const wrong = parts.find((part) => !/^\d{1,5}$/.test(part) || Number(part) < 1 || Number(part) > 65535);
  if (wrong !== undefined) return fail({ code: 'USAGE', what: `${flag} "${wrong}" is not a port`, fix: [`${flag} 3001`] });
  return ok(parts.map(Number));
}

export function flagPort(flags: Flags, name: string, flag: string): Result<number | undefined> {
  const text = flagText(flags, name);
  const ports = parsePorts(text === undefined ? [] : [text], flag);
  return ports.ok ? ok(ports.value[0]) : ports;
}

/** `-m web=2,worker=3`, as foreman and overmind have it. */
export function parseFormation(parts: string[]): Result<Record<string, number>> {
  const formation: Record<string, number> = {};
  for (const part of parts) {
    const match = /^([A-Za-z0-9_-]+)=(\d{1,3})$/.exec(part);
    if (!match)
      return fail({ code: 'USAGE', what: `-m "${part}" is not SERVICE=NUMBER`, fix: ['devctl start -m web=2,worker=3'] });
    formation[match[1] ?? ''] = Number(match[2]);
  }
  return ok(formation);
}

export function parseMode(
  flags: Flags,
  env: Record<string, string | undefined>,
): Result<{ mode: 'tmux' | 'direct' | undefined; isExplicit: boolean }> {
  const typed = flagText(flags, 'mode');
  const word = typed ?? env['DEVCTL_MODE'];
  if (word === undefined || word === '') return ok({ mode: undefined, isExplicit: false });
  if (word !== 'tmux' && word !== 'direct')
    return fail({
      code: 'USAGE',
      what: `${typed === undefined ? 'DEVCTL_MODE' : '--mode'} "${word}" is neither tmux nor direct`,
      fix: ['--mode tmux', '--mode direct'],
    });
  return ok({ mode: word, isExplicit: typed !== undefined });
}
