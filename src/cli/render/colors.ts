import { Chalk, supportsColor, supportsColorStderr } from 'chalk';

/** chalk for standard output and for standard error: each may be a terminal without the other. NO_COLOR and FORCE_COLOR are chalk's own. */
export const out = new Chalk({ level: supportsColor ? supportsColor.level : 0 });
export const err = new Chalk({ level: supportsColorStderr ? supportsColorStderr.level : 0 });

const WHEEL = [
  'cyan',
  'yellow',
  'green',
  'magenta',
  'blue',
  'red',
  'cyanBright',
  'yellowBright',
  'greenBright',
  'magentaBright',
] as const;

/** foreman's habit: each service's name in a colour of its own. */
export function nameColor(index: number): (text: string) => string {
  return out[WHEEL[index % WHEEL.length] ?? 'cyan'];
}
