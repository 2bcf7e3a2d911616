/** What a program is known by: the last part of its path, and of a script in node_modules its package. Pure. */
export function programName(path: string): string {
  const packaged = /(?:^|\/)node_modules\/(?!\.bin\/)((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
  if (packaged !== undefined) return packaged;
  const base = path.split('/').at(-1) ?? path;
  return base.replace(/\.(?:js|mjs|cjs|exe|cmd)$/, '');
}
