import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';
import { statesOf } from '../support/process-states.ts';
import { devctlClaude, inFront, stormingAgent, withClaude } from '../support/stand-in.ts';
import { waitFor } from '../support/wait-for.ts';

describe('a permission bypass', () => {
  const FLAG = '--dangerously-skip-permissions';

  test('without a terminal is said, and that is all', async () => {
    await using rig = withClaude();
    const { stdout, stderr } = await devctlClaude(rig, ['-p', FLAG]);
    expect(stdout).toBe(`<-p>\n<${FLAG}>\n`);
    expect(stderr).toContain(`runs every tool without asking (${FLAG})`);
    expect((await devctlClaude(rig, ['-p', 'hi'])).stderr).not.toContain('without asking');
  });

  test('on a terminal is announced; any key starts it, Ctrl-C does not', async () => {
    await using rig = withClaude();
    const terminal = await rig.terminal();
    terminal.type(`PATH=${join(rig.project, 'b')}:$PATH; $DEVCTL claude ${FLAG}; echo "ended: $?"`);
    await terminal.waitFor(/any key starts it now/);
    expect(terminal.screen()).not.toContain(`<${FLAG}>`);
    terminal.press('x');
    await terminal.waitFor(/ended: 0/, 5000);
    expect(terminal.screen()).toContain(`<${FLAG}>`);

    terminal.type(`clear; $DEVCTL claude ${FLAG}; echo "ended: $?"`);
    await terminal.waitFor(/any key starts it now/);
    terminal.press('C-c');
    const screen = await terminal.waitFor(/ended: 130/, 5000);
    expect(screen).not.toContain(`<${FLAG}>`);
  });
});

describe('on a terminal', () => {
  test('Ctrl-Z suspends both, fg continues both, and Ctrl-C is its own affair', async () => {
    const script = `#!/bin/sh\ntrap 'echo interrupted; exit 5' INT\necho up\nwhile read -r line; do echo "heard $line"; done\n`;
    await using rig = withClaude(script);
    const terminal = await rig.terminal();
    terminal.type(`PATH=${join(rig.project, 'b')}:$PATH; $DEVCTL claude`);
    await terminal.waitFor(/^up$/m);
    terminal.press('C-z');
    await terminal.waitFor(/Stopped/);
    terminal.type('echo in the shell; fg; echo "ended: $?"');
    await terminal.waitFor(/^in the shell$/m);
    terminal.type('again');
    await terminal.waitFor(/^heard again$/m);
    terminal.press('C-c');
    await terminal.waitFor(/ended: 5/);
    expect(terminal.screen()).toMatch(/interrupted$/m);
  });

  test('one that stops itself gives the shell back, and is continued with us', async () => {
    const script = `#!/bin/sh\necho up\nkill -STOP $$\necho on again\nread -r line\n`;
    await using rig = withClaude(script);
    const terminal = await rig.terminal();
    terminal.type(`PATH=${join(rig.project, 'b')}:$PATH; $DEVCTL claude`);
    await terminal.waitFor(/Stopped/);
    terminal.type('fg; echo "ended: $?"');
    await terminal.waitFor(/^on again$/m);
    terminal.press('Enter');
    await terminal.waitFor(/ended: 0/);
  });

  test('Ctrl-Z continues what was queued, and fg queues it again', async () => {
    await using rig = withClaude(stormingAgent('sleep 34.5', 6));
    const stopped = () => [...statesOf(/^sleep 34\.5/).values()].filter((state) => state === 'T').length;
    const terminal = await rig.terminal();
    terminal.type(`PATH=${join(rig.project, 'b')}:$PATH; $DEVCTL claude --max-processes 2`);
    await waitFor('some to be queued', () => stopped() >= 4);
    terminal.press('C-z');
    await terminal.waitFor(/Stopped/);
    await waitFor('all to run', () => stopped() === 0);
    terminal.type('fg');
    await waitFor('some to be queued again', () => stopped() >= 4);
    terminal.press('C-c');
    for (const { pid, command } of rig.leftovers()) if (command === 'sleep 34.5') process.kill(pid, 'SIGKILL');
  });
});

describe('its metrics', () => {
  const WAITS = '#!/bin/sh\necho up\nread -r line\n';

  test('are Prometheus text on the loopback, for callers of this machine alone', async () => {
    const port = await Rig.freePort();
    await using rig = withClaude(WAITS);
    const terminal = await rig.terminal();
    terminal.type(`PATH=${join(rig.project, 'b')}:$PATH; $DEVCTL claude --metrics ${String(port)}; echo "ended: $?"`);
    await terminal.waitFor(/^up$/m);
    const url = `http://127.0.0.1:${String(port)}/metrics`;
    const text = await waitFor('the figures', async () => {
      const answer = await (await fetch(url)).text();
      return /devctl_claude_memory_bytes [1-9]/.test(answer) ? answer : undefined;
    });
    for (const name of [
      'processes_running',
      'processes_queued',
      'processes_started_total',
      'queue_wait_seconds_bucket',
      'cpu_seconds',
    ])
      expect(text).toMatch(new RegExp(`^devctl_claude_${name}[ {]`, 'm'));
    expect(text).toMatch(/^devctl_claude_processes_ended_total\{reason="hung"\} 0$/m);
    const ask = (flags: string) => rig.sh(`curl -s -o /dev/null -w '%{http_code}' ${flags} ${url}`);
    expect((await ask(`-H 'Host: evil.example'`)).stdout).toBe('403');
    expect((await ask(`-H 'Origin: http://evil.example'`)).stdout).toBe('403');
    expect((await ask(`-H 'Origin: http://127.0.0.1:${String(port)}'`)).stdout).toBe('200');
    expect((await ask('-X POST')).stdout).toBe('405');

    const second = await rig.sh(`$DEVCTL claude --metrics ${String(port)}`, inFront(rig));
    expect(second.code).toBe(4);
    expect(second.stderr).toContain(String(port));
    terminal.press('Enter');
    await terminal.waitFor(/ended: 0/);
    await expect(fetch(url)).rejects.toThrow();
  });
});
