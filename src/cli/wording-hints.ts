import type { Hint, ServiceMishap } from '../failure.ts';
import { unreachable } from '../result.ts';
import { describeHolder, heldFix } from './wording-holdouts.ts';

/** What lies behind a mishap, then the lines of the log that tell most. */
export function describeEvidence({ hints, logPath, lastLines }: ServiceMishap): string[] {
  return [
    ...hints.map(describeHint),
    ...(lastLines.length > 0
      ? [`last lines of ${logPath}:`, ...lastLines.map((line) => `  | ${line}`)]
      : [`${logPath} is empty`]),
  ];
}

function describeHint(hint: Hint): string {
  switch (hint.kind) {
    case 'port-held':
      return describeHolder(hint.holder);
    case 'missing-program':
      return `there is no program "${hint.name}" on its PATH`;
    case 'missing-package':
      return `the package "${hint.name}" is not installed`;
    case 'missing-file':
      return `there is no file ${hint.path}`;
    case 'old-dependencies':
      return hint.what;
    case 'nobody-listens':
      return `it was refused on port ${String(hint.port)}: nobody listens there`;
    case 'framework-lock':
      return hint.says;
    case 'pending-migration':
      return 'the database waits for migrations';
    default:
      return unreachable(hint);
  }
}

/** What to type, the surest first. */
export function hintFixes({ service, hints }: ServiceMishap): string[] {
  return [...new Set(hints.flatMap((hint) => fixesOf(hint, service)))];
}

function fixesOf(hint: Hint, service: string): string[] {
  switch (hint.kind) {
    case 'port-held':
      return hint.holder.class === 'foreign'
        ? [`devctl start --take-port ${String(hint.holder.port)}   end that process first`]
        : heldFix(hint.holder);
    case 'missing-program':
      return hint.install === undefined ? [] : [hint.install];
    case 'missing-package':
    case 'old-dependencies':
      return [hint.install];
    case 'framework-lock':
      return [hint.isServer ? `kill ${String(hint.pid)}   end it, if it may go` : `rm ${hint.path}`];
    case 'pending-migration':
      return [hint.command];
    case 'missing-file':
      return [`devctl check   what "${service}" runs`];
    case 'nobody-listens':
      return [];
    default:
      return unreachable(hint);
  }
}
