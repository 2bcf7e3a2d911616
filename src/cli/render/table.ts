import { plainLine } from '../../services/log-text.ts';

/** Columns as wide as their widest cell, two blanks between, nothing after the last. */
export function renderTable(rows: string[][]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, plainLine(cell).length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - plainLine(cell).length))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
