/** Claude Code's own flags that let every tool run without asking. */
export function bypassFlag(args: string[]): string | undefined {
  const mode = args.findIndex((word) => word === '--permission-mode');
  if (mode >= 0 && args[mode + 1] === 'bypassPermissions') return '--permission-mode bypassPermissions';
  return args.find((word) => word === '--dangerously-skip-permissions' || word === '--permission-mode=bypassPermissions');
}
