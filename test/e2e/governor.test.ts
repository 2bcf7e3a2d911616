import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claude, type ClaudeRequest, type ClaudeRun } from '../support/claude.ts';
import { claudeBinary, claudeOnNode } from '../support/claude-binary.ts';
import { isAlive } from '../support/leftovers.ts';
import { MockMessages, type Step } from '../support/mock-messages.ts';
import { Sampler, statesOf } from '../support/process-states.ts';
import { Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** The governor of `devctl claude`, around the real Claude Code whose Bash tool makes the storms. */
const native = await claudeBinary();
const onNode = await claudeOnNode();
const NATIVE = native.kind === 'there' ? native.path : '';
const ON_NODE = onNode.kind === 'there' ? onNode.path : '';

/** Works for a while with the CPU, then tells its number. */
const WORKER = `my $n = 0; for (my $i = 0; $i < $ARGV[1]; $i++) { $n += $i } print "worker $ARGV[0] $n\\n";`;
const storm = (count: number, loops: number) =>
  `for i in $(seq ${String(count)}); do perl worker.pl $i ${String(loops)} & done >out; wait; date +%s%3N >forked; sort -n -k2 out`;
const WORKERS = /^perl worker\.pl \d/;

const bash = (command: string): Step => ({ tool: 'Bash', input: { command, description: 'as asked', timeout: 120_000 } });

function session(rig: Rig, mock: MockMessages, through: string[], request: Partial<ClaudeRequest> = {}): ClaudeRun {
  return claude(rig, mock, { path: NATIVE, args: ['--allowedTools', 'Bash'], through, ...request });
}

const answerOf = (mock: MockMessages) => mock.toolResults.at(-1)?.text ?? '';

/** The events of the only launch of a rig. */
function eventsOf(rig: Rig): { event: string; [key: string]: unknown }[] {
  const folder = join(rig.root, 's', 'devctl', 'claude');
  const [name = ''] = readdirSync(folder);
  return readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string });
}

/** Each worker's line, as it must be with and without a governor. */
function expected(count: number, loops: number): string {
  const sum = (loops * (loops - 1)) / 2;
  return Array.from({ length: count }, (_, index) => `worker ${String(index + 1)} ${String(sum)}`).join('\n');
}

describe.skipIf(native.kind === 'missing')('a storm of processes', () => {
  test.each([
    ['the native Claude Code', NATIVE],
    ['the last one on Node', ON_NODE],
  ])(
    'under %s: all finish with the same output, and most of the time no more than the limit run',
    { timeout: 120_000 },
    async (_, path) => {
      if (path === '') return;
      await using rig = Rig.create({ 'worker.pl': WORKER });
      await using mock = await MockMessages.start([bash(storm(60, 1_200_000))]);
      using sampler = new Sampler(WORKERS);
      await using run = session(rig, mock, ['--max-processes', '9'], { path });
      expect(await run.end(90_000)).toMatchObject({ code: 0, result: 'That is all.' });
      expect(answerOf(mock)).toBe(expected(60, 1_200_000));
      // A soft limit: what is forked between two looks runs for a moment, on a busy machine all of it.
      const busy = sampler.glances.filter(({ running, stopped }) => running + stopped > 9);
      expect(busy.filter(({ running }) => running > 9).length).toBeLessThan(busy.length / 2);
      const last = sampler.glances.findLast(({ stopped }) => stopped > 0);
      expect(last?.running).toBeLessThanOrEqual(9);
      expect(run.stderr).toMatch(/jobs were queued/);
      const events = eventsOf(rig);
      const pids = (event: string) => events.filter((one) => one.event === event).length;
      expect(pids('queued')).toBeGreaterThan(20);
      expect(pids('resumed')).toBeGreaterThanOrEqual(pids('queued') - pids('rotated'));
      expect(readdirSync(join(rig.root, 's', 'devctl', 'governors'))).toEqual([]);
    },
  );

  test('is governed by ps alone as well, as on macOS', { timeout: 120_000 }, async () => {
    await using rig = Rig.create({ 'worker.pl': WORKER });
    await using mock = await MockMessages.start([bash(storm(40, 4_000_000))]);
    using sampler = new Sampler(WORKERS);
    await using run = session(rig, mock, ['--max-processes', '9'], { env: { DEVCTL_PROBE: 'portable' } });
    expect(await run.end(90_000)).toMatchObject({ code: 0 });
    expect(answerOf(mock)).toBe(expected(40, 4_000_000));
    expect(sampler.glances.findLast(({ stopped }) => stopped > 0)?.running).toBeLessThanOrEqual(9);
  });

  test('of pipelines: no half of one is stopped, and all of them end', { timeout: 120_000 }, async () => {
    await using rig = Rig.create();
    const line = `for i in $(seq 20); do (seq 200000 | sort -rn | tail -1 >>out) & done; wait; sort out | uniq -c`;
    await using mock = await MockMessages.start([bash(line)]);
    await using run = session(rig, mock, ['--max-processes', '4']);
    expect(await run.end(90_000)).toMatchObject({ code: 0 });
    expect(answerOf(mock).trim()).toBe('20 1');
    expect(eventsOf(rig).some(({ event }) => event === 'queued')).toBe(true);
  });

  test('of many that write into one pipe: who reads it is not stopped', { timeout: 120_000 }, async () => {
    await using rig = Rig.create({ 'worker.pl': WORKER });
    const line = `for i in $(seq 30); do perl worker.pl $i 300000 & done | sort -n -k2 | tail -1`;
    await using mock = await MockMessages.start([bash(line)]);
    await using run = session(rig, mock, ['--max-processes', '4']);
    expect(await run.end(90_000)).toMatchObject({ code: 0 });
    expect(answerOf(mock)).toContain('worker 30 ');
  });

  test('of jobs that their shell watches (set -m): none is seen to stop, and none dies of it', { timeout: 120_000 }, async () => {
    const script = `set -m\nfor i in $(seq 16); do perl worker.pl $i 3000000 & pids="$! $pids"; done\nfor p in $pids; do wait $p; echo "status $?"; done\n`;
    await using rig = Rig.create({ 'worker.pl': WORKER, 'jobs.sh': script });
    await using mock = await MockMessages.start([bash('bash jobs.sh >out 2>&1; grep -c "status 0" out; grep -c worker out')]);
    await using run = session(rig, mock, ['--max-processes', '10']);
    expect(await run.end(90_000)).toMatchObject({ code: 0 });
    expect(answerOf(mock)).toBe('16\n16');
    expect(eventsOf(rig).some(({ event }) => event === 'queued')).toBe(true);
  });

  test('where those that run wait for one that is queued, they change places', { timeout: 120_000 }, async () => {
    await using rig = Rig.create();
    const line = `for i in 1 2 3; do (cat fifo$i >/dev/null; echo "got $i") & done >out; for i in 1 2 3; do (sleep 0.3; echo x >fifo$i) & done; wait; sort out`;
    await using mock = await MockMessages.start([bash(`mkfifo fifo1 fifo2 fifo3; ${line}`)]);
    await using run = session(rig, mock, ['--max-processes', '3']);
    expect(await run.end(90_000)).toMatchObject({ code: 0 });
    expect(answerOf(mock)).toBe('got 1\ngot 2\ngot 3');
  });

  test('leaves devctl’s services, MCP servers and Claude Code itself alone', { timeout: 120_000 }, async () => {
    const server = `require('http').createServer((q, s) => s.end('hi')).listen(process.env.PORT, '127.0.0.1');`;
    const mcp = `process.stdin.on('data', () => undefined); process.stdin.on('end', () => process.exit());`;
    await using rig = Rig.create({
      'worker.pl': WORKER,
      'server.js': server,
      'mcp.js': mcp,
      'Procfile.dev': 'web: node server.js\n',
      'mcp.json': JSON.stringify({ mcpServers: { idle: { command: 'node', args: ['mcp.js'] } } }),
    });
    const steps = [bash('devctl start'), bash(storm(40, 600_000))];
    await using mock = await MockMessages.start(steps);
    const stopped = new Set<string>();
    await using run = session(rig, mock, ['--max-processes', '4'], {
      args: ['--allowedTools', 'Bash', '--mcp-config', 'mcp.json'],
      env: { PORT: String(await Rig.freePort()), MCP_TIMEOUT: '2000' },
    });
    const watch = setInterval(() => {
      for (const { pid, command } of rig.leftovers())
        if (!WORKERS.test(command) && /^State:\s+T/m.test(statusOf(pid))) stopped.add(command);
    }, 50);
    const end = await run.end(90_000).finally(() => {
      clearInterval(watch);
    });
    expect(end.code).toBe(0);
    expect(answerOf(mock)).toBe(expected(40, 600_000));
    // The tool's own shell forks all of them, and is paused for that.
    expect([...stopped].filter((command) => !/shell-snapshots/.test(command))).toEqual([]);
    expect((await rig.devctl('stop')).code).toBe(0);
  });
});

describe.skipIf(native.kind === 'missing')('a governor that is killed', () => {
  const SLEEPERS = /^sleep 31\.5/;
  const line = 'for i in 1 2 3 4 5 6; do sleep 31.5 & done; sleep 1; echo; kill $(jobs -p); wait';

  async function strike(rig: Rig, run: ClaudeRun): Promise<void> {
    await waitFor(
      'some to be stopped',
      () => [...statesOf(SLEEPERS).values()].filter((state) => state === 'T').length >= 3,
      20_000,
    );
    await run.kill();
    expect(existsSync(join(rig.root, 's', 'devctl', 'governors'))).toBe(true);
  }
  const allRun = () => {
    const states = [...statesOf(SLEEPERS).values()];
    return states.length === 6 && !states.includes('T');
  };
  const endAll = async (rig: Rig) => {
    for (const { pid } of rig.leftovers()) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await waitFor('their end', () => rig.leftovers().length === 0);
  };

  test('leaves nothing stopped: its watchdog continues all', { timeout: 60_000 }, async () => {
    await using rig = Rig.create();
    await using mock = await MockMessages.start([bash(line.replace('sleep 1', 'sleep 20'))]);
    await using run = session(rig, mock, ['--max-processes', '3']);
    await strike(rig, run);
    await waitFor('all to run', allRun);
    expect(readdirSync(join(rig.root, 's', 'devctl', 'governors'))).toEqual([]);
    await endAll(rig);
  });

  test('with its watchdog: the next devctl continues all', { timeout: 60_000 }, async () => {
    await using rig = Rig.create();
    await using mock = await MockMessages.start([bash(line.replace('sleep 1', 'sleep 20'))]);
    await using run = session(rig, mock, ['--max-processes', '3']);
    const watchdog = await waitFor('its watchdog', () => rig.leftovers().find(({ command }) => /watchdog\.sh/.test(command)));
    process.kill(watchdog.pid, 'SIGKILL');
    await strike(rig, run);
    expect(allRun()).toBe(false);
    await rig.devctl('hardware');
    expect(allRun()).toBe(true);
    await endAll(rig);
  });
});

describe.skipIf(native.kind === 'missing')('a tool that stands still', () => {
  /** `lsd` has three seconds. */
  const hung = (rig: Rig) => {
    symlinkSync('/usr/bin/perl', join(rig.project, 'lsd'));
    return `./lsd -e 'sleep 8; print "slept\\n"'`;
  };

  test('is reported, and ends by itself', { timeout: 60_000 }, async () => {
    await using rig = Rig.create();
    await using mock = await MockMessages.start([bash(`${hung(rig)}; echo "status $?"`)]);
    await using run = session(rig, mock, []);
    expect(await run.end()).toMatchObject({ code: 0 });
    expect(answerOf(mock)).toBe('slept\nstatus 0');
    expect(eventsOf(rig).filter(({ event }) => event === 'hung')).toMatchObject([{ program: 'lsd' }]);
    expect(run.stderr).toContain('1 stood still: lsd');
  });

  test('is ended where that is asked for, and in a pipeline it is left alone', { timeout: 60_000 }, async () => {
    await using rig = Rig.create();
    const line = `${hung(rig)}; echo "status $?"; sleep 5 | ./lsd -e 'while (<STDIN>) {} print "read\\n"'; echo "status $?"`;
    await using mock = await MockMessages.start([bash(line)]);
    await using run = session(rig, mock, ['--end-hung']);
    expect(await run.end()).toMatchObject({ code: 0 });
    expect(answerOf(mock).replace(/^.*Terminated.*\n/m, '')).toBe('status 143\nread\nstatus 0');
    expect(eventsOf(rig).filter(({ event }) => event.startsWith('hung'))).toMatchObject([
      { event: 'hung' },
      { event: 'hung-ended' },
    ]);
  });
});

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  } catch {
    return '';
  }
}
