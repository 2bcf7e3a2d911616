import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spread } from './measure.mjs';

/**
 * @typedef {{ text: string, value: number, limit: number }} Target met where value <= limit
 * @typedef {{ name: string, unit: string, samples: number[], floor?: number, target?: Target }} Row floor: a median to divide by
 * @typedef {{ subject: string, rows: Row[], notes: string[] }} Report
 */

/** @param {Target} target */
export const isMet = ({ value, limit }) => value <= limit;

/** @param {number} value */
const figure = (value) => value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);

/** @param {Report} report */
export function table({ subject, rows, notes }) {
  const cells = rows.map(({ name, unit, samples, floor, target }) => {
    const { min, median, max } = spread(samples);
    return [
      name,
      ...[min, median, max].map(figure),
      unit,
      floor === undefined ? '' : `${(median / floor).toFixed(2)} x`,
      target ? `${target.text}: ${figure(target.value)} of ${figure(target.limit)}  ${isMet(target) ? 'pass' : 'FAIL'}` : '',
    ];
  });
  const all = [[subject, 'min', 'median', 'max', '', 'to floor', 'target'], ...cells];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const isNumber = (/** @type {number} */ column) => [1, 2, 3, 5].includes(column);
  const lines = all.map((row) =>
    row
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, ...notes.map((note) => `  ${note}`)].join('\n');
}

/**
 * @param {Report[]} reports
 * @param {Record<string, unknown>} about
 */
export function writeResults(reports, about) {
  const folder = join(dirname(fileURLToPath(import.meta.url)), 'results');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${new Date().toISOString().slice(0, 19).replace(/:/g, '')}.json`);
  const subjects = reports.map(({ subject, rows, notes }) => ({
    subject,
    notes,
    rows: rows.map((row) => ({ ...row, ...spread(row.samples), ...(row.target ? { isMet: isMet(row.target) } : {}) })),
  }));
  writeFileSync(path, `${JSON.stringify({ ...about, subjects }, undefined, 1)}\n`);
  return path;
}
