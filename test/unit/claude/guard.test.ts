import { forEachChild, parse } from 'unbash';
import { describe, expect, test } from 'vitest';
import { judgeCommand } from '../../../src/claude/guard/guard.ts';
import { DECIDED, FILES, ROWS } from './guard-table.ts';

const ROOT = '/app';

function verdictOf(command: string): 'allow' | 'deny' {
  const denial = judgeCommand({ parse, forEachChild }, command, {
    root: ROOT,
    cwd: ROOT,
    procfile: FILES['Procfile.dev'] ?? '',
    readText: (path) => (path.startsWith(`${ROOT}/`) ? FILES[path.slice(ROOT.length + 1)] : undefined),
  });
  return denial === undefined ? 'allow' : 'deny';
}

describe('commands that start or kill servers past devctl are denied, all others allowed', () => {
  test.each([...ROWS, ...DECIDED].map((row) => [row.verdict, row.command, row.why] as const))(
    '%s: %s (%s)',
    (verdict, command) => {
      expect(verdictOf(command)).toBe(verdict);
    },
  );
});
