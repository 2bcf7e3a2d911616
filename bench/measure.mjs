/** @typedef {{ min: number, median: number, max: number }} Spread */

/**
 * Runs a round once to warm up, then `runs` times, and collects its figures by name. A round measures every contestant once,
 * so that they alternate: what slows the machine down for a while slows all of them.
 * @param {number} runs
 * @param {(index: number) => Record<string, number> | Promise<Record<string, number>>} round
 * @returns {Promise<Record<string, number[]>>}
 */
export async function rounds(runs, round) {
  await round(-1);
  /** @type {Record<string, number[]>} */
  const figures = {};
  for (let index = 0; index < runs; index += 1) {
    for (const [name, value] of Object.entries(await round(index))) (figures[name] ??= []).push(value);
  }
  return figures;
}

/**
 * @param {number[]} samples
 * @returns {Spread}
 */
export function spread(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const at = (/** @type {number} */ index) => sorted[index] ?? NaN;
  return { min: at(0), median: (at(Math.ceil(half) - 1) + at(Math.floor(half))) / 2, max: at(sorted.length - 1) };
}

/**
 * Rows of figures against the floor that is called `node`.
 * @param {Record<string, number[]>} figures
 * @param {number} limit
 */
export function rowsAgainstNode(figures, limit) {
  const floor = median(figures['node']);
  return (/** @type {string} */ name, /** @type {string} */ key) => {
    const samples = figures[key] ?? [];
    const target = { text: `<= ${String(limit)} x`, value: median(samples) / floor, limit };
    return { name, unit: 'ms', samples, floor, ...(key === 'node' ? {} : { target }) };
  };
}

/** @param {number[] | undefined} samples */
export const median = (samples) => spread(samples ?? []).median;
