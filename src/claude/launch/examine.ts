import { good, poor, type Finding } from '../../doctor/finding.ts';
import type { Claude } from '../install/find.ts';
import { bugsOf } from './known-bugs.ts';
import type { Ceiling, LaunchPlan } from './plan.ts';

export interface Examined {
  claude: Claude;
  plan: LaunchPlan;
  ceiling: Ceiling;
  login: string | undefined;
  hasFuse: boolean;
}

/** `devctl claude --doctor`: which one it is, how it logs in, what it gets, and what its version does wrong. Pure. */
export function examineClaude({ claude, plan, ceiling, login, hasFuse }: Examined): Finding[] {
  const kinds: Record<Claude['kind'], string> = { native: 'a machine program', node: 'JavaScript on Node', script: 'a script' };
  return [
    good(
      'claude',
      `${claude.path} (${claude.source}), ${kinds[claude.kind]}${claude.file === claude.path ? '' : `: ${claude.file}`}`,
    ),
    claude.version === undefined ? poor('version', 'not known', `${claude.path} --version`) : good('version', claude.version),
    login === undefined ? poor('login', 'none was found', `${claude.path}   and /login`) : good('login', `${login}; not read`),
    ceiling.kind === 'none' ? poor('memory', `no ceiling: ${ceiling.why}`) : good('memory', 'a ceiling can be set'),
    hasFuse
      ? good('fuse', 'its tools get a control group')
      : poor('fuse', 'no control group for its tools: the governor alone limits processes'),
    ...plan.leaves.map((note) => poor('environment', note)),
    ...bugsOf(claude.version).map(({ until, says, help }) =>
      until === undefined ? good('to know', `${says}: ${help}`) : poor('known bug', says, help),
    ),
  ];
}
