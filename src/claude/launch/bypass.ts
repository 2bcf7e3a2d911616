/** Claude Code's own flags that let every tool run without asking. */
export function bypassFlag(args: string[]): string | undefined {
  const isMode = (word: string, index: number) => word === 'bypassPermissions' && args[index - 1] === '--permission-mode';
  if (args.some(isMode)) return '--permission-mode bypassPermissions';
  return args.find((word) => word === '--dangerously-skip-permissions' || word === '--permission-mode=bypassPermissions');
}
