import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bash, hook, HAS_OWN_PIDS } from '../support/hook.ts';
import { isAlive } from '../support/leftovers.ts';
import { DEVCTL, Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

const SERVER = `require('http').createServer((q, s) => s.end('hi')).listen(process.env.PORT, '127.0.0.1')`;
const EVENT = JSON.stringify({
  session_id: 'x',
  transcript_path: '/t',
  cwd: '.',
  hook_event_name: 'SessionEnd',
  reason: 'other',
});

/**
 * An agent as Claude Code is one: its tools run in shells with sessions of their own, which are gone when they have
 * returned. NAME.go ends it, after its hook.
 */
const AGENT = `#!/bin/bash
export CLAUDECODE=1 CLAUDE_PID=$$ CLAUDE_CODE_SESSION_ID=session-$1
setsid bash -c "\${DEAF:-true}; sleep 86401 & echo \\$! >$1.stray"
setsid bash -c "setsid sleep 86402 & echo \\$! >$1.detached"
until [ -s $1.detached ]; do sleep 0.02; done
eval "$TOOL"
touch $1.up
until [ -e $1.go ]; do sleep 0.02; done
begin=$(date +%s%N)
said=$(printf %s "$EVENT" | $DEVCTL hook session-end)
echo "$? $(( ($(date +%s%N) - begin) / 1000000 )) $said" >$1.ended
until [ -e $1.bye ]; do sleep 0.02; done
`;
const SLEEPER = { 'Procfile.dev': 'web: echo $$ >web.pid; exec sleep 600\n', agent: AGENT };

interface Played {
  pid: number;
  stray: number;
  detached: number;
}

/** Agents at work, on this machine; at its end they are gone, with all that they left. */
class Stage implements Disposable {
  readonly #played: Played[] = [];

  readonly #rig: Rig;

  constructor(rig: Rig) {
    this.#rig = rig;
  }

  async play(name: string, tool = ''): Promise<Played> {
    const rig = this.#rig;
    const env = { ...rig.env, DEVCTL: `${process.execPath} ${DEVCTL}`, EVENT: eventOf(rig), TOOL: tool };
    const child = spawn('setsid', ['./agent', name], { cwd: rig.project, env, stdio: 'ignore' });
    await waitFor(`agent ${name} to be at work`, () => rig.has(`${name}.up`), 20_000);
    const pid = (end: string) => Number(rig.read(`${name}.${end}`));
    const played = { pid: child.pid ?? 0, stray: pid('stray'), detached: pid('detached') };
    this.#played.push(played);
    return played;
  }

  [Symbol.dispose](): void {
    for (const { pid, stray, detached } of this.#played) end(pid, stray, detached);
  }
}

const eventOf = (rig: Rig, folder = '') => EVENT.replace('"."', JSON.stringify(rig.project + folder));

/** The agent runs its hook and waits for `bye`. */
async function runHook(rig: Rig, name: string): Promise<void> {
  rig.write({ [`${name}.go`]: '' });
  const [code, ms, ...said] = await waitFor(
    'the hook to return',
    () => rig.has(`${name}.ended`) && /\n/.test(rig.read(`${name}.ended`)) && rig.read(`${name}.ended`).trim().split(' '),
  );
  expect([code, ...said]).toEqual(['0']);
  expect(Number(ms)).toBeLessThan(1500);
}

const sweepers = (rig: Rig) => rig.leftovers().filter(({ command }) => command.includes('hook sweep'));
const noSweeper = (rig: Rig) => waitFor('the sweeper to end', () => sweepers(rig).length === 0, 20_000);
function end(...pids: number[]): void {
  for (const pid of pids) if (pid > 1 && isAlive(pid)) process.kill(pid, 'SIGKILL');
}

describe('the end of a session', () => {
  test('nothing is ended while its agent lives, for it may have been cleared only; then what it abandoned is', async () => {
    await using rig = Rig.create({ ...SLEEPER, 'devctl.yml': 'stopOnSessionEnd: true\n' });
    using stage = new Stage(rig);
    const agent = await stage.play('a', '$DEVCTL start >/dev/null');
    await runHook(rig, 'a');
    const [sweeper] = await waitFor('a sweeper', () => (sweepers(rig).length > 0 ? sweepers(rig) : undefined));
    expect(sweeper?.command).toContain(String(agent.pid));
    // Many looks of the sweeper.
    expect((await rig.devctl('wait --timeout 2s --for log:never web')).code).toBe(124);
    expect(isAlive(agent.stray)).toBe(true);
    expect(await rig.json('status')).toMatchObject({ verdict: 'healthy' });
    end(agent.pid);
    await noSweeper(rig);
    expect(isAlive(agent.stray)).toBe(false);
    expect(isAlive(agent.detached)).toBe(true);
  });

  test.each([
    ['', '', 'healthy'],
    ['stopOnSessionEnd: true', '', 'stopped'],
    ['stopOnSessionEnd: true', '/src', 'stopped'],
    ['stopOnSessionEnd: false', '', 'healthy'],
  ])('the environment, with "%s" in devctl.yml, typed in .%s, is %s', async (config, folder, verdict) => {
    await using rig = Rig.create({ ...SLEEPER, 'devctl.yml': config, 'src/a.js': '' });
    using stage = new Stage(rig);
    const agent = await stage.play('a', `$DEVCTL start >/dev/null; EVENT='${eventOf(rig, folder)}'`);
    await runHook(rig, 'a');
    rig.write({ 'a.bye': '' });
    await waitFor('the stray to be ended', () => !isAlive(agent.stray), 15_000);
    await noSweeper(rig);
    expect(await rig.json('status')).toMatchObject({ verdict });
  });

  test.each([
    ['true', 'stopped'],
    ['false', 'healthy'],
  ])('stopOnSessionEnd: %s that was written after the start counts: %s', async (word, verdict) => {
    const other = word === 'true' ? 'false' : 'true';
    await using rig = Rig.create({ ...SLEEPER, 'devctl.yml': `stopOnSessionEnd: ${other}\n` });
    using stage = new Stage(rig);
    await stage.play('a', '$DEVCTL start >/dev/null');
    rig.write({ 'devctl.yml': `stopOnSessionEnd: ${word}\n` });
    await runHook(rig, 'a');
    await waitFor('the sweeper to begin', () => sweepers(rig).length > 0);
    rig.write({ 'a.bye': '' });
    await noSweeper(rig);
    expect(await rig.json('status')).toMatchObject({ verdict });
  });

  test.each([undefined, '', 'x', '0', '1', '-1'])(
    'without a usable CLAUDE_PID (%s) nothing is left behind and nothing ended',
    async (pid) => {
      await using rig = Rig.create(SLEEPER);
      using stage = new Stage(rig);
      const agent = await stage.play('a');
      const ran = await hook(rig, 'session-end', EVENT, { env: { CLAUDE_PID: pid } });
      expect(ran).toMatchObject({ code: 0, stdout: '', stderr: '' });
      await noSweeper(rig);
      expect(isAlive(agent.stray)).toBe(true);
    },
  );
});

/** A play in namespaces of its own: it must not see this machine's processes, and no devctl of theirs may sweep here. */
const SCENE = `#!/bin/bash
export DEVCTL="${process.execPath} ${DEVCTL}"
up() { until [ -e $1.up ]; do sleep 0.02; done; }
look() { for one; do case $(sed -n 's/^State:\\s*\\(.\\).*/\\1/p' /proc/$(cat $one)/status 2>/dev/null) in ''|Z|X) echo "$one gone";; *) echo "$one lives";; esac; done >>result; }
`;
async function scene(rig: Rig, text: string): Promise<string[]> {
  rig.write({ scene: SCENE + text });
  const ran = await rig.exec('unshare', ['--pid', '--fork', '--kill-child', '--mount-proc', './scene'], {
    env: { EVENT: eventOf(rig) },
  });
  expect(ran.code, ran.stderr).toBe(0);
  return rig.read('result').trim().split('\n');
}

describe.skipIf(!HAS_OWN_PIDS)('the end of a session among others', () => {
  test.each([
    ['ends by itself', 'touch a.bye'],
    ['is killed', 'kill -KILL $a'],
  ])('when the agent %s, what it abandoned is ended, and nothing of others, nor a service', async (_, leave) => {
    await using rig = Rig.create(SLEEPER);
    const result = await scene(
      rig,
      `setsid ./agent dead & dead=$!; up dead; kill -KILL $dead; wait $dead 2>/dev/null
setsid ./agent b & up b
DEAF="trap '' TERM" TOOL='setsid bash -c "$DEVCTL start >/dev/null"' setsid ./agent a & a=$!; up a
touch a.go; until [ -e a.ended ]; do sleep 0.02; done
look a.stray; ${leave}
for i in $(seq 150); do [ -e /proc/$(cat a.stray) ] || break; sleep 0.1; done
until ! grep -aqs 'hook.sweep' /proc/[0-9]*/cmdline; do sleep 0.1; done
look a.stray a.detached b.stray b.detached dead.stray web.pid
$DEVCTL stop >/dev/null
`,
    );
    expect(result[0]).toBe('a.stray lives');
    expect(result.slice(1)).toEqual([
      'a.stray gone',
      'a.detached lives',
      'b.stray lives',
      'b.detached lives',
      'dead.stray lives',
      'web.pid lives',
    ]);
  });
});

describe.skipIf(!HAS_OWN_PIDS)('the start of a session', () => {
  const start = (rig: Rig, env = {}) => hook(rig, 'session-start', bash(rig, undefined), { env });

  test('it is told in a few lines what the environment does', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: exec node server.js\nbad: sleep 1; exit 3\n', 'server.js': SERVER });
    const stopped = await start(rig);
    expect(stopped).toMatchObject({ code: 0, stderr: '' });
    expect(stopped.stdout).toMatch(/stopped[^]*devctl start/i);
    expect(stopped.stdout.split('\n').length).toBeLessThan(12);
    const elsewhere = await hook(rig, 'session-start', bash(rig, undefined, '/'));
    expect(elsewhere).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('it sweeps: what dead agents abandoned is ended, what they detached is told, all else stays', async () => {
    const port = String(await Rig.freePort());
    await using rig = Rig.create({
      'Procfile.dev': 'web: echo $$ >web.pid; exec node server.js\n',
      'server.js': SERVER,
      agent: AGENT,
    });
    const result = await scene(
      rig,
      `export PORT=${port}
TOOL='setsid bash -c "$DEVCTL start >started.txt 2>&1"' setsid ./agent a & a=$!
setsid ./agent b & echo $! >b
sleep 86403 & echo $! >mine
up a; up b; kill -KILL $a; wait $a 2>/dev/null
printf %s "$EVENT" | $DEVCTL hook session-start >said.txt 2>said.err; echo "code $?" >>result
look a.stray a.detached b.stray b mine web.pid
printf %s "$EVENT" | $DEVCTL hook session-start >again.txt 2>&1
$DEVCTL stop >/dev/null
`,
    );
    const expected = ['code 0', 'a.stray gone', 'a.detached lives', 'b.stray lives', 'b lives', 'mine lives', 'web.pid lives'];
    expect(result, rig.read('said.txt')).toEqual(expected);
    expect(rig.read('said.err')).toBe('');
    const said = rig.read('said.txt');
    expect(said).toMatch(/healthy/i);
    expect(said).toContain(`http://localhost:${port}`);
    expect(said).toContain('sleep 86401');
    expect(said).toMatch(/devctl strays[^]*sleep 86402/);
    expect(said.split('\n').length).toBeLessThan(15);
    expect(rig.read('again.txt')).not.toContain('sleep 86401');
    expect(rig.read('again.txt')).toContain('sleep 86402');
  });
});

test('a hook leaves no process behind', async () => {
  await using rig = Rig.create(SLEEPER);
  await hook(rig, 'pre-tool-use', bash(rig, 'npx vite'));
  await hook(rig, 'session-end', EVENT, { env: { CLAUDE_PID: '4000000' } });
  await noSweeper(rig);
  const own = readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'utf8').includes(`DVTEST_ID=${rig.tag}`);
    } catch {
      return false;
    }
  });
  expect(own).toEqual([]);
});
