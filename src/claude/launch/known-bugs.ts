import { compareVersions } from '../install/version.ts';

/** Something that a version of Claude Code does wrong, and what helps. */
export interface KnownBug {
  /** The last version that has it; absent: every one so far. */
  until?: string;
  says: string;
  help: string;
}

/** Source: Claude Code's changelog and issues, and measurements with 17 versions from 1.0.17 to 2.1.329. */
const BUGS: readonly KnownBug[] = [
  {
    until: '2.1.7',
    says: 'a program that keeps the output of a tool call open (`server &`) hangs the call',
    help: 'devctl start, or redirect all its output',
  },
  {
    until: '2.1.112',
    says: 'its heap ends at 4 GB, and it dies of "heap out of memory" in long sessions',
    help: 'devctl claude gives it the heap that devctl hardware prints',
  },
  { until: '2.1.162', says: '`-p` may stay for ever after its result', help: 'timeout 10m devctl claude -p ...' },
  { until: '2.1.211', says: 'SIGTERM leaves what its tools have started', help: 'devctl strays --end' },
  { says: '`command &` of a finished tool call outlives the session, and after SIGKILL everything does', help: 'devctl strays' },
  {
    says: 'with a background task alive `-p` stays up to 10 minutes after its result',
    help: 'CLAUDE_CODE_DISABLE_BACKGROUND_TASKS=1',
  },
];

/** The bugs that a version has; of an unknown one those that all have. */
export function bugsOf(version: string | undefined): KnownBug[] {
  return BUGS.filter(({ until }) => until === undefined || (version !== undefined && compareVersions(version, until) <= 0));
}
