import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claude } from '../support/claude.ts';
import { claudeBinary } from '../support/claude-binary.ts';
import { isAlive } from '../support/leftovers.ts';
import { MockMessages, type Step } from '../support/mock-messages.ts';
import { PACKAGE, Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** What `devctl init` writes, and the plugin, in the hands of the real Claude Code. */
const binary = await claudeBinary();
const path = binary.kind === 'there' ? binary.path : '';

const SERVER = `require('http').createServer((q, s) => s.end('hi')).listen(process.env.PORT, '127.0.0.1', () => console.log('listening'));`;
const SCRIPTS = JSON.stringify({ name: 'x', scripts: { dev: 'node server.js' } }, undefined, 2);

const tool = (name: string, input: Record<string, unknown> = {}): Step => ({ tool: name, input });
const bash = (command: string): Step => tool('Bash', { command, description: 'as asked' });

describe.skipIf(binary.kind === 'missing')('the real Claude Code', () => {
  test('in a project that init has set up: the tools are there without a search or a question, vite is denied, and after a SIGKILL all is healthy', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({ 'package.json': SCRIPTS, 'server.js': SERVER });
    expect((await rig.devctl('init --yes')).code).toBe(0);
    const steps = [
      bash('npm run dev'),
      bash('cd . && FOO=1 npx vite &'),
      tool('mcp__devctl__start'),
      tool('mcp__devctl__status'),
      tool('mcp__devctl__logs', { services: ['web'] }),
      bash('node -e "setInterval(() => undefined, 1000)"'),
    ];
    await using mock = await MockMessages.start(steps);
    // The tools of the MCP server are allowed by what init wrote.
    await using run = claude(rig, mock, { path, args: ['--allowedTools', 'Bash'], env: { PORT: String(port) } });
    // Its answer to the fifth step has come; the sixth is under way.
    await mock.turn(5, 30_000);
    const [first] = mock.turns;
    expect(first?.tools).toEqual(expect.arrayContaining(['mcp__devctl__start', 'mcp__devctl__status', 'mcp__devctl__logs']));
    expect(first?.tools).not.toContain('mcp__devctl__ps');
    expect(first?.texts.join('\n')).toContain('Never start a server yourself');

    const answers = mock.turns.slice(1).map(({ toolResults }) => toolResults.at(-1));
    expect(answers[0]).toMatchObject({ isError: true });
    expect(answers[0]?.text).toContain('devctl start');
    expect(answers[1]).toMatchObject({ isError: true });
    expect(JSON.parse(answers[2]?.text ?? '')).toMatchObject({
      services: [{ name: 'web', url: `http://localhost:${String(port)}` }],
    });
    expect(JSON.parse(answers[3]?.text ?? '')).toMatchObject({ verdict: 'healthy' });
    expect(answers[4]?.text).toContain('listening');

    const pidOf = (part: string) => rig.leftovers().find(({ command }) => command.includes(part))?.pid;
    const server = await waitFor('the MCP server', () => pidOf('devctl.js mcp'));
    const job = await waitFor('the sixth step', () => pidOf('setInterval'));
    await run.kill();
    await waitFor('the end of the MCP server', () => !isAlive(server), 3000);
    const status = await rig.json<{ verdict: string; services: { pid: number }[] }>('status');
    expect(status.verdict).toBe('healthy');

    await using second = await MockMessages.start();
    await using next = claude(rig, second, { path });
    expect(await next.end()).toMatchObject({ code: 0 });
    expect(isAlive(job)).toBe(false);
    expect(second.turns[0]?.texts.join('\n')).toContain('HEALTHY');
    const alive = new Set((await rig.json<{ processes: { pid: number }[] }>('ps')).processes.map(({ pid }) => pid));
    await waitFor('nothing but the services to be left', () => rig.leftovers().every(({ pid }) => alive.has(pid)));
  });

  test('with the plugin: hooks, skill and tools are loaded', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({ 'Procfile.dev': 'web: node server.js\n', 'server.js': SERVER });
    const name = (one: string) => `mcp__plugin_devctl_devctl__${one}`;
    const steps = [bash('npx vite'), tool(name('start')), tool(name('stop')), tool(name('start'), { services: ['nosuch'] })];
    await using mock = await MockMessages.start(steps);
    await using run = claude(rig, mock, {
      path,
      args: ['--plugin-dir', join(PACKAGE, 'plugin'), '--allowedTools', 'Bash', 'mcp__plugin_devctl_devctl'],
      env: { PORT: String(port) },
    });
    const { code, lines } = await run.end();
    expect(code).toBe(0);
    const init = lines.find(({ subtype }) => subtype === 'init');
    expect(init?.['skills']).toContain('devctl:devctl');
    expect(mock.turns[0]?.texts.join('\n')).toContain("devctl runs this project's services; STOPPED");
    const answers = mock.turns.slice(1).map(({ toolResults }) => toolResults.at(-1));
    expect(answers.map((answer) => answer?.isError)).toEqual([true, false, false, true]);
    expect(answers[0]?.text).toContain('Run: devctl start');
    expect(answers[3]?.text).toContain('There is no service "nosuch"');
    expect((await rig.devctl('status')).code).toBe(3);
  });
});
