import type { Definitions } from '../project/definitions.ts';
import { describeProblem } from './words.ts';

/** By how much a worktree's ports are moved; nothing in a main checkout. */
export function shiftNote({ worktree }: Pick<Definitions, 'worktree'>): string[] {
  if (!worktree || worktree.offset === 0) return [];
  const whose = worktree.main === undefined ? 'the repository’s other checkouts' : worktree.main;
  if (worktree.isPortGiven)
    return [
      `a worktree beside ${whose}: the ports of devctl.yml are moved by ${String(worktree.offset)}; PORT is set, and taken as it is`,
    ];
  return [
    `a worktree beside ${whose}: its ports are moved by ${String(worktree.offset)}; a service follows by listening on $PORT`,
  ];
}

/** The same, with the services that cannot follow and the line to write for each. */
export function worktreeNotes(definitions: Pick<Definitions, 'worktree'>): string[] {
  return [
    ...shiftNote(definitions),
    ...(definitions.worktree?.fixed ?? []).map((problem) =>
      describeProblem(problem)
        .map((line) => line.trim())
        .join('; '),
    ),
  ];
}
