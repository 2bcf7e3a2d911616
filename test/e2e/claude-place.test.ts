import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canUnshare, OWN_PIDS, unshare } from '../support/namespaces.ts';
import { DEVCTL, PACKAGE } from '../support/package-root.ts';
import { inFront, stormingAgent, withClaude } from '../support/stand-in.ts';
import { statesOf } from '../support/process-states.ts';
import { waitFor } from '../support/wait-for.ts';

/** `devctl claude` stands where claude would: what somebody gave to it, claude has. As a shell starts it, by its own file. */
const BASH = '#!/bin/bash\n';

describe('what somebody gave to it', () => {
  test('signals to be ignored stay ignored: nohup', async () => {
    await using rig = withClaude(`${BASH}echo up; sleep 1; echo survived; sed -n 's/^SigIgn:.//p' /proc/self/status\n`);
    const line = `(trap '' HUP INT; exec '${DEVCTL}' claude) & pid=$!; until grep -q up out; do sleep 0.02; done; kill -HUP $pid; wait $pid; echo "ended: $?"`;
    const { stdout } = await rig.sh(`{ ${line}; } >out 2>&1; cat out`, inFront(rig));
    expect(stdout).toContain('survived\n0000000000000003\n');
    expect(stdout).toContain('ended: 0');
  });

  test('without that a hang-up ends it', async () => {
    await using rig = withClaude(`${BASH}echo up; exec sleep 30\n`);
    const line = `'${DEVCTL}' claude & pid=$!; until grep -q up out; do sleep 0.02; done; kill -HUP $pid; wait $pid; echo "ended: $?"`;
    expect((await rig.sh(`{ ${line}; } >out 2>&1; cat out`, inFront(rig))).stdout).toContain('ended: 129');
  });

  test('descriptors', async () => {
    await using rig = withClaude(`${BASH}cat <&3; cat <&11; ls /proc/self/fd\n`);
    const { stdout } = await rig.sh(`echo a file >f; '${DEVCTL}' claude 3<f 11< <(echo a pipe)`, inFront(rig));
    expect(stdout).toMatch(/^a file\na pipe\n/);
  });

  test('and nothing that devctl needs for itself', async () => {
    await using rig = withClaude(`${BASH}env; ls -l /proc/self/fd | grep -c -e jsonl -e devctl\n`);
    const { stdout } = await rig.sh(`'${DEVCTL}' claude --max-processes 0`, inFront(rig));
    expect(stdout).not.toMatch(/^DEVCTL_(?!TOOL_GROUPS)/m);
    expect(stdout).toMatch(/\n0\n$/);
  });
});

describe('what a tool sees, behind the wrapper of its shell', () => {
  const wrapper = join(PACKAGE, 'libexec', 'tool-shell.sh');
  const told = (text: string) => `'${wrapper}' '${text}'`;
  const env = {
    DEVCTL_TOOL_GROUPS: '/none/a:/none/b',
    CLAUDE_CODE_SHELL_PREFIX: wrapper,
    devctl_group: 'mine',
    IFS: 'x',
    SHELL: '/bin/bash',
  };
  const call = (text: string) => `source /none/shell-snapshots/s.sh 2>/dev/null || true && ${text}`;

  test('a tool call runs in the user’s shell, and has the environment that it would have', async () => {
    await using rig = withClaude();
    const { stdout } = await rig.sh(
      told(call('echo "${BASH_VERSION:+bash} $DEVCTL_TOOL_GROUPS$CLAUDE_CODE_SHELL_PREFIX $SHELL"')),
      { env },
    );
    expect(stdout).toBe('bash  /bin/bash\n');
  });

  test('in the one that Claude Code was told to take', async () => {
    await using rig = withClaude();
    rig.write({ 'own-shell': '#!/bin/sh\necho "own shell: $1"\n' });
    const own = { ...env, CLAUDE_CODE_SHELL: join(rig.project, 'own-shell') };
    expect((await rig.sh(told(call('true')), { env: own })).stdout).toBe('own shell: -c\n');
  });

  test('a hook runs in sh, and both end with their own code', async () => {
    await using rig = withClaude();
    expect(await rig.sh(told('echo "hook ${BASH_VERSION:-in sh}"; exit 7'), { env })).toMatchObject({ code: 7 });
    expect((await rig.sh(told(call('exit 9')), { env })).code).toBe(9);
  });
});

describe('where its own state cannot be written', () => {
  test.each(['/proc/nowhere', 'a-file'])(
    '(%s) Claude Code runs all the same, and that its processes are not limited is said',
    async (place) => {
      await using rig = withClaude(`${BASH}echo started; sleep 0.3; echo finished; exit 7\n`);
      const file = join(rig.root, 'a-file');
      writeFileSync(file, '');
      const state = place === 'a-file' ? file : place;
      const { code, stdout, stderr } = await rig.sh('$DEVCTL claude', inFront(rig, { env: { XDG_STATE_HOME: state } }));
      expect({ code, stdout }).toEqual({ code: 7, stdout: 'started\nfinished\n' });
      expect(stderr).toContain('its processes were not limited');
    },
  );
});

describe.skipIf(!canUnshare(...OWN_PIDS))('a governor that is seen from another pid namespace', () => {
  test('keeps its notes, for whoever clears up after it', { timeout: 60_000 }, async () => {
    const SLEEPERS = /^sleep 33\.5/;
    await using rig = withClaude(stormingAgent('sleep 33.5', 6));
    const stopped = () => [...statesOf(SLEEPERS).values()].filter((state) => state === 'T').length;
    const ran = rig.sh(`exec $DEVCTL claude --max-processes 2`, inFront(rig));
    await waitFor('some to be stopped', () => stopped() >= 4);
    const [file = '', ...args] = unshare(...OWN_PIDS);
    await rig.exec(file, [...args, process.execPath, DEVCTL, 'hardware']);
    const notes = join(rig.root, 's', 'devctl', 'governors');
    expect(readdirSync(notes)).toHaveLength(1);

    const { governor } = JSON.parse(readFileSync(join(notes, readdirSync(notes)[0] ?? ''), 'utf8')) as {
      governor: { pid: number };
    };
    process.kill(governor.pid, 'SIGKILL');
    await waitFor('all to be continued', () => stopped() === 0 && statesOf(SLEEPERS).size === 6);
    expect(existsSync(join(notes, `${String(governor.pid)}.json`))).toBe(false);
    for (const { pid } of rig.leftovers()) process.kill(pid, 'SIGKILL');
    await ran;
  });
});
