import { dirname, join } from 'node:path';
import { wordDenial } from '../guard/denial.ts';
import { CONFIG_NAMES } from '../../project/project.ts';
import { judgeCommand, SET_UP } from '../guard/guard.ts';
import type { ReadText } from '../guard/project-files.ts';
import { mayConcern } from '../guard/quick-look.ts';
import type { Parser } from '../guard/walk.ts';
import type { HookEvent } from './event.ts';

/** The project that is guarded: the nearest folder that is set up for devctl. A lone Procfile is production's. */
export function guardedRoot(readText: ReadText, cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (SET_UP.some((name) => readText(join(folder, name)) !== undefined)) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** What the hook prints: a denial as Claude Code wants it, or nothing, where the command may be run. */
export async function preToolUse(
  { command, cwd }: HookEvent,
  readText: ReadText,
  loadParser: () => Promise<Parser>,
): Promise<string> {
  const root = command === undefined ? undefined : guardedRoot(readText, cwd);
  if (command === undefined || root === undefined) return '';
  const procfile = readProcfile(readText, root);
  if (!mayConcern(command, procfile)) return '';
  const denial = judgeCommand(await loadParser(), command, { root, cwd, procfile, readText });
  if (!denial) return '';
  return JSON.stringify({
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: `devctl: ${wordDenial(denial)}`,
    },
  });
}

/** devctl.yml may name another file; it is not worth a YAML parser here. */
function readProcfile(readText: ReadText, root: string): string {
  const config = CONFIG_NAMES.map((name) => readText(join(root, name))).find((text) => text !== undefined) ?? '';
  const named = /^procfile:\s*["']?([^"'\s#]+)/m.exec(config)?.[1];
  const names = [...(named === undefined ? [] : [named]), 'Procfile.dev', 'Procfile'];
  return names.map((name) => readText(join(root, name))).find((text) => text !== undefined) ?? '';
}
