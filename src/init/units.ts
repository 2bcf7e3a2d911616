import { basename } from 'node:path';
import { wholeFile, type Edit } from './edits.ts';
import { sealed } from './texts.ts';

export interface UnitFacts {
  /** The project's folder and id. */
  root: string;
  id: string;
  /** The words that run devctl, absolute. */
  devctl: string[];
  /** A user's systemd has a short PATH of its own. */
  path: string;
}

/** "devctl-app-1a2b3c.service": two projects of one name have two. */
export function serviceUnit({ root, id }: Pick<UnitFacts, 'root' | 'id'>): string {
  return `devctl-${basename(root).replace(/[^A-Za-z0-9_.-]/g, '-')}-${id.slice(0, 6)}.service`;
}

/** The units of a project's services, and of an hourly clean-up of stuck Claude Code processes. */
export function makeUnitEdits(facts: UnitFacts): Edit[] {
  const { root, devctl, path } = facts;
  const exec = (...words: string[]) => `ExecStart=${[...devctl, ...words].map(argument).join(' ')}`;
  const environment = `Environment=${quoted(`PATH=${path}`)}`;
  return [
    wholeFile(
      serviceUnit(facts),
      unit(
        `[Unit]\nDescription=Services of ${escaped(root)}, by devctl`,
        // SIGTERM to devctl alone, which stops them as `devctl stop` does.
        `[Service]\nType=exec\nWorkingDirectory=${escaped(root)}\n${environment}\n${exec('start', '--foreground')}\nKillMode=mixed\nTimeoutStopSec=30\nRestart=on-failure`,
        '[Install]\nWantedBy=default.target',
      ),
    ),
    wholeFile(
      'devctl-cleanup.service',
      unit(
        '[Unit]\nDescription=End stuck Claude Code processes',
        `[Service]\nType=oneshot\n${environment}\n${exec('cleanup', '--force', '--quiet')}`,
      ),
    ),
    wholeFile(
      'devctl-cleanup.timer',
      unit(
        '[Unit]\nDescription=End stuck Claude Code processes every hour',
        '[Timer]\nOnCalendar=hourly\nRandomizedDelaySec=5min',
        '[Install]\nWantedBy=timers.target',
      ),
    ),
  ];
}

const unit = (...sections: string[]): string => sealed(`${sections.join('\n\n')}\n`);

/** "%" begins a specifier, and in a command "$" a variable. Source: systemd.unit(5), systemd.service(5). */
const escaped = (text: string): string => text.replaceAll('%', '%%');
const quoted = (word: string): string => `"${escaped(word).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
const argument = (word: string): string => quoted(word).replaceAll('$', '$$$$');
