import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig } from './rig.ts';

/** Prompts are shell commands, and what they print is the answer. Of `--output-format stream-json` it speaks as much as devctl reads. */
const SCRIPT = `#!/usr/bin/env node
const { spawnSync } = require('node:child_process');
const { createInterface } = require('node:readline');
const words = process.argv;
const at = Math.max(words.indexOf('--session-id'), words.indexOf('--resume'));
const print = (event) => process.stdout.write(JSON.stringify({ ...event, session_id: words[at + 1] }) + '\\n');
(async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    const { type, message } = JSON.parse(line);
    if (type !== 'user') continue;
    print({ type: 'system', subtype: 'init', model: 'fake' });
    const ran = spawnSync('bash', ['-c', message.content[0].text], { encoding: 'utf8' });
    const result = (ran.stdout + ran.stderr).trim();
    print({ type: 'result', subtype: 'success', is_error: ran.status !== 0, result, num_turns: 1, total_cost_usd: 0.01, usage: {} });
  }
})();
`;

/** Puts a `claude` on the PATH of all that an orchestra starts. */
export function installFakeClaude(rig: Rig): void {
  const folder = join(rig.root, 'b');
  rmSync(join(folder, 'claude'), { force: true });
  rig.write({ claude: SCRIPT }, folder);
}
