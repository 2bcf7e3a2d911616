import type { Change } from '../../init/plan.ts';
import { out } from './colors.ts';

/** A unified diff of all files. */
export async function renderChanges(changes: Change[]): Promise<string> {
  const { createTwoFilesPatch } = await import('../../lazy/diff.ts');
  return changes
    .map(({ file, before, after }) =>
      createTwoFilesPatch(
        before === undefined ? '/dev/null' : `a/${file}`,
        after === undefined ? '/dev/null' : `b/${file}`,
        before ?? '',
        after ?? '',
        undefined,
        undefined,
        { context: 2 },
      )
        .split('\n')
        .filter((line) => !line.startsWith('====') && line !== '')
        .map(colored)
        .join('\n'),
    )
    .join('\n');
}

function colored(line: string): string {
  if (/^(?:---|\+\+\+) /.test(line)) return out.bold(line.trimEnd());
  if (line.startsWith('+')) return out.green(line);
  if (line.startsWith('-')) return out.red(line);
  return line.startsWith('@@') ? out.dim(line) : line;
}
