import { shellQuoted } from '../machine/shell-quote.ts';
import type { Service } from '../project/service.ts';

export interface SpecRequest {
  service: Service;
  runId: string;
  /** Words that start a program with default signals; see `KeeperMachine.prepare`. */
  reset: string;
  env: Map<string, { value: string }>;
}

/** Names that the keeper's shell would refuse, or keep for itself: `export UID=0` ends bash as sh. */
const NOT_EXPORTED =
  /^(?:UID|EUID|PPID|GROUPS|BASHOPTS|SHELLOPTS|BASH_VERSINFO|BASH_\w+|IFS|PWD|OLDPWD|SHLVL|OPTIND|ENV|LINENO|RANDOM|SECONDS|FUNCNAME|DIRSTACK|HISTCMD|_|k_\w*)$/;
const VALID_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The shell assignments that keeper.sh reads. Every value is single-quoted: nothing in it is expanded. Pure. */
export function renderSpec({ service, runId, reset, env }: SpecRequest): string {
  const lines = [
    assign('k_cmd', service.command),
    assign('k_shell', service.shell),
    assign('k_cwd', service.cwd),
    assign('k_policy', service.oneShot ? 'never' : service.restart),
    assign('k_run', runId),
    assign('k_mark', service.mark),
    assign('k_reset', reset),
  ];
  for (const [name, { value }] of env) {
    if (VALID_NAME.test(name) && !NOT_EXPORTED.test(name) && !value.includes('\0')) lines.push(`export ${assign(name, value)}`);
  }
  return `${lines.join('\n')}\n`;
}

function assign(name: string, value: string): string {
  return `${name}=${shellQuoted(value)}`;
}
