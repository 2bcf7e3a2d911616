/** Why a command is not to be run. */
export type Denial =
  /** It starts a server, or what the Procfile has as a service. */
  | { kind: 'server'; program: string; service?: string }
  /** `npm run dev`, and `dev` does not itself run devctl. */
  | { kind: 'dev-script'; command: string }
  | { kind: 'kill-by-name'; program: string }
  /** The pids were looked up, by port, by name or in a pid file. */
  | { kind: 'kill-looked-up' }
  | { kind: 'kill-by-port'; program: string }
  | { kind: 'kill-tmux' };

/** The reason and the right command, for an agent. */
export function wordDenial(denial: Denial): string {
  switch (denial.kind) {
    case 'server': {
      const service = denial.service === undefined ? '' : ` ${denial.service}`;
      return `"${denial.program}" would start a server past devctl, which runs this project's services. Run: devctl start${service} (safe at any time; it returns when the service is ready, or with the reason). Then: devctl status, devctl logs${service}. After a change of code that is not reloaded: devctl restart${service}.`;
    }
    case 'dev-script':
      return `"${denial.command}" would start a server past devctl, which runs this project's services. Run: devctl start (safe at any time; it returns when everything is ready). Then: devctl status, devctl logs.`;
    case 'kill-by-name':
      return `"${denial.program}" ends processes by name, also those of other projects, of other agents and of the user. ${RIGHT_STOP}`;
    case 'kill-looked-up':
      return `This would end whoever was looked up by port, name or pid file: it may be the user's browser, or another project. ${RIGHT_STOP}`;
    case 'kill-by-port':
      return `"${denial.program}" ends whoever uses a port: it may be the user's browser, or another project. ${RIGHT_STOP}`;
    case 'kill-tmux':
      return `This would end every tmux session of that server, also the user's. ${RIGHT_STOP}`;
  }
}

const RIGHT_STOP =
  "For this project's services run: devctl stop [SERVICE], or devctl restart [SERVICE]. Who holds a port: devctl ps. What a dead session left behind: devctl strays. A process that you started yourself: kill its own pid.";

/** The first denial of a list; what comes after it is not looked at. */
export function firstDenial<T>(list: readonly T[], judge: (one: T) => Denial | undefined): Denial | undefined {
  for (const one of list) {
    const denial = judge(one);
    if (denial) return denial;
  }
  return undefined;
}
