import { join } from 'node:path';
import { Rig, type Ran, type RunOptions } from './rig.ts';

/** A script that stands in for `claude`, so that its words and its end can be seen. */
export const TELLS = `#!/bin/sh
# stands in for claude
printf '<%s>\\n' "$@"
echo "pid $$" >&2
exit \${CODE:-0}
`;

/** A project with a `claude` in its `b`. */
export function withClaude(text: string = TELLS, files: Record<string, string> = {}): Rig {
  return Rig.create({ 'b/claude': text, ...files });
}

/** The environment of a shell that has the project's `b` in front of its PATH. */
export function inFront(rig: Rig, options: RunOptions = {}): RunOptions {
  return { ...options, env: { PATH: `${join(rig.project, 'b')}:${rig.env['PATH'] ?? ''}`, ...options.env } };
}

/** `devctl claude` with these words, as a shell would be given them. */
export function devctlClaude(rig: Rig, words: string[], options: RunOptions = {}): Promise<Ran> {
  const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  return rig.sh(`$DEVCTL claude ${quoted}`, inFront(rig, options));
}

/** Stands in for a Claude Code whose tool call runs so many of these at once. Source of the tool's words: measured, 2.1.329. */
export function stormingAgent(command: string, count: number): string {
  const each = Array.from({ length: count }, (_, index) => String(index)).join(' ');
  const storm = `for i in ${each}; do ${command} & done; wait`;
  const words = `source /none/shell-snapshots/s.sh 2>/dev/null || true && eval '${storm}' < /dev/null && pwd -P >| /tmp/claude-x-cwd`;
  return `#!/bin/bash\nsetsid bash -c "${words}" &\nwait $!\n`;
}
