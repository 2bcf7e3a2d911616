export interface Percentiles {
  p50: number;
  p95: number;
  p99: number;
}

/** By nearest rank; zeros where there is nothing. Pure. */
export function percentiles(values: number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
