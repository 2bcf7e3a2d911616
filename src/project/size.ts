/** "500kB", "50MB", "1.5GB": in bytes, by powers of ten. */
export const SIZE = /^(\d+(?:\.\d+)?)(kB|KB|MB|GB)$/;

export function parseSize(text: string): number | undefined {
  const [, amount, unit] = SIZE.exec(text) ?? [];
  if (amount === undefined) return undefined;
  return Math.round(Number(amount) * (unit === 'GB' ? 1e9 : unit === 'MB' ? 1e6 : 1e3));
}
