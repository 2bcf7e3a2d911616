import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type * as Library from '../../src/library.ts';
import { claudeBinary } from '../support/claude-binary.ts';
import { isAlive } from '../support/leftovers.ts';
import { bash, LONG, LONG_COMMAND, MockApi, prompt } from '../support/mock-api.ts';
import { Orchestra } from '../support/orchestra.ts';
import { PACKAGE, Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** `import { ClaudeProcess } from 'devctl/claude'` */
const { ClaudeProcess } = (await import(join(PACKAGE, 'dist', 'library.js'))) as typeof Library;
const binary = await claudeBinary();
const CLAUDE = binary.kind === 'there' ? binary.path : '';

const textOf = (turn: Library.Turn) => (turn.kind === 'result' ? turn.result.text : `lost: ${turn.failure.message}`);

/** A conversation with the real Claude Code in a rig. */
class Talk implements AsyncDisposable {
  readonly claude: Library.ClaudeProcess;
  readonly orchestra: Orchestra;
  readonly api: MockApi;

  private constructor(claude: Library.ClaudeProcess, orchestra: Orchestra, api: MockApi) {
    this.claude = claude;
    this.orchestra = orchestra;
    this.api = api;
  }

  static async begin(options: Library.ClaudeProcessOptions = {}): Promise<Talk> {
    const api = await MockApi.start();
    const orchestra = Orchestra.create(api, CLAUDE, []);
    const claude = await ClaudeProcess.start({
      claude: CLAUDE,
      cwd: orchestra.rig.project,
      env: orchestra.env,
      eventsFile: join(orchestra.rig.root, 'events.jsonl'),
      allowedTools: ['Bash'],
      ...options,
    });
    return new Talk(claude, orchestra, api);
  }

  tool(): Promise<{ pid: number }> {
    return waitFor('the tool', () => this.orchestra.players().find(({ command }) => command === LONG_COMMAND), 20_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.claude.terminate();
    await this.orchestra[Symbol.asyncDispose]();
    await this.api[Symbol.asyncDispose]();
  }
}

describe.skipIf(CLAUDE === '')('ClaudeProcess', () => {
  test('answers turn after turn in one process and one conversation, and ends when it is closed', async () => {
    await using talk = await Talk.begin();
    const { claude, api } = talk;
    const pids = new Set<number | undefined>();
    for (const word of ['one', 'two', 'three']) {
      expect(textOf(await claude.send(prompt(word, [{ text: `answer ${word}` }])))).toBe(`answer ${word}`);
      pids.add(claude.pid);
    }
    expect([...pids]).toEqual([expect.any(Number)]);
    // The third request has heard all of them.
    expect(api.asked('three')[0]?.texts.join('\n')).toContain('"id":"one"');
    expect(claude.progress).toMatchObject({ turns: 3 });
    const events: Library.ClaudeEvent[] = [];
    const read = (async () => {
      for await (const event of claude.events()) events.push(event);
    })();
    await claude.close();
    await read;
    expect(events.filter(({ kind }) => kind === 'result')).toHaveLength(3);
    expect(events[0]?.kind).toBe('init');
    expect(events.every((event) => event.kind !== 'init' || event.sessionId === claude.sessionId)).toBe(true);
    expect(textOf(await claude.send('too late'))).toBe('lost: it has ended');
    expect(talk.orchestra.players()).toEqual([]);
  });

  test('answers messages that are sent while a turn runs one by one, in their order', async () => {
    await using talk = await Talk.begin();
    const order: string[] = [];
    const words = ['one', 'two', 'three', 'four'];
    const turns = words.map(async (word) => {
      const text = textOf(await talk.claude.send(prompt(word, [bash(`echo ${word}`), { echo: true }])));
      order.push(text);
    });
    const closed = talk.claude.close();
    await Promise.all(turns);
    await closed;
    expect(order).toEqual(words);
  });

  test('breaks a turn off, and the next message is answered by the same process', async () => {
    await using talk = await Talk.begin();
    const { claude } = talk;
    const turn = claude.send(prompt('a', [bash(LONG), { text: 'never' }]));
    const { pid: tool } = await talk.tool();
    const { pid } = claude;
    claude.interrupt();
    expect(await turn).toMatchObject({ kind: 'result', failure: expect.anything() as object });
    expect(textOf(await claude.send(prompt('b', [{ text: 'still here' }])))).toBe('still here');
    expect(claude.pid).toBe(pid);
    await waitFor('the end of the tool', () => !isAlive(tool));
  });

  test('is ended with all that it has started', async () => {
    await using talk = await Talk.begin();
    const { claude } = talk;
    const turns = [prompt('a', [bash(`setsid ${LONG} & ${LONG}`)]), 'another'].map((text) => claude.send(text));
    await waitFor(
      'both tools',
      () => talk.orchestra.players().filter(({ command }) => command === LONG_COMMAND).length === 2,
      20_000,
    );
    await claude.terminate();
    expect(talk.orchestra.players()).toEqual([]);
    expect(talk.orchestra.rig.leftovers()).toEqual([]);
    for (const turn of await Promise.all(turns))
      expect(turn).toMatchObject({ kind: 'lost', failure: { message: 'it was terminated' } });
    let events = 0;
    for await (const event of claude.events()) events += event.kind === 'torn' ? 0 : 1;
    expect(events).toBeGreaterThan(0);
  });

  test('is started again where it was killed in the middle of a turn, in the same conversation', async () => {
    await using talk = await Talk.begin();
    const { claude } = talk;
    const turn = claude.send(prompt('a', [bash(`[ -e ran ] || { touch ran; ${LONG}; }`), { text: 'in the end' }]));
    await talk.tool();
    const first = claude.pid ?? 0;
    process.kill(first, 'SIGKILL');
    expect(textOf(await turn)).toBe('in the end');
    expect(claude.pid).not.toBe(first);
    const events: Library.ClaudeEvent[] = [];
    await claude.close();
    for await (const event of claude.events()) events.push(event);
    const sessions = events.flatMap((event) => (event.kind === 'init' ? [event.sessionId] : []));
    expect(new Set(sessions)).toEqual(new Set([claude.sessionId]));
    // Killed before it has written its conversation down, it hears at first that there is none.
    const results = events.flatMap((event) => (event.kind === 'result' && !event.result.isError ? [event.result.text] : []));
    expect(results).toEqual(['in the end']);
  });
});

/** A `claude` that answers each message with as many MB of events as it says, and a result. */
const FAKE = `#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
const session = process.argv[process.argv.indexOf('--session-id') + 1];
const print = (event) => {
  const bytes = Buffer.from(JSON.stringify({ ...event, session_id: session }) + '\\n');
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
};
for await (const line of createInterface({ input: process.stdin })) {
  const { message } = JSON.parse(line);
  const mb = Number(message.content[0].text);
  print({ type: 'system', subtype: 'init', model: 'fake' });
  const text = 'x'.repeat(10_000 - 200);
  for (let index = 0; index < mb * 100; index += 1)
    print({ type: 'assistant', index, message: { id: 'm' + index, role: 'assistant', content: [{ type: 'text', text }], usage: {} } });
  print({ type: 'result', subtype: 'success', is_error: false, result: 'all of ' + mb + ' MB', num_turns: 1, total_cost_usd: 0.5, usage: {} });
}
`;

/** Reads when all is printed and ten seconds have passed, as slow as it likes. */
const SLOW_READER = `
import { ClaudeProcess } from 'devctl/claude';
import { readFileSync } from 'node:fs';
const pass = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const claude = await ClaudeProcess.start({ claude: process.argv[2] });
const read = (async () => {
  await pass(10_000);
  const seen = { events: 0, last: -1, inOrder: true, results: 0 };
  for await (const event of claude.events()) {
    seen.events += 1;
    if (event.kind === 'result') seen.results += 1;
    if (event.kind !== 'assistant') continue;
    if (event.raw.index !== seen.last + 1) seen.inOrder = false;
    seen.last = event.raw.index;
    if (seen.last % 1000 === 0) await pass(20);
  }
  return seen;
})();
const beganMs = Date.now();
const turn = await claude.send('200');
const turnMs = Date.now() - beganMs;
await claude.close();
const seen = await read;
const peakMb = Number(/^VmHWM:\\s+(\\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
console.log(JSON.stringify({ text: turn.result.text, turnMs, ...seen, peakMb: Math.round(peakMb) }));
`;

/** A project that has devctl among its modules. */
function projectWith(files: Record<string, string>): Rig {
  const rig = Rig.create(files);
  mkdirSync(join(rig.project, 'node_modules'));
  symlinkSync(PACKAGE, join(rig.project, 'node_modules', 'devctl'));
  return rig;
}

describe('in a program of its own', () => {
  test('a reader that is ten seconds late loses nothing of 200 MB, and little memory is used', { timeout: 120_000 }, async () => {
    await using rig = projectWith({ 'fake.mjs': FAKE, 'main.mjs': SLOW_READER });
    const { code, stdout, stderr } = await rig.exec('node', ['main.mjs', join(rig.project, 'fake.mjs')], { timeoutMs: 100_000 });
    expect(code, stderr).toBe(0);
    const seen = JSON.parse(stdout) as { peakMb: number; turnMs: number };
    console.log(`200 MB: the turn took ${String(seen.turnMs)} ms, ${String(seen.peakMb)} MB at most`);
    expect(seen).toMatchObject({ text: 'all of 200 MB', events: 20_002, last: 19_999, inOrder: true, results: 1 });
    expect(seen.peakMb).toBeLessThan(150);
  });

  test('it ends by itself when it is closed; CommonJS has it as well', async () => {
    await using rig = projectWith({
      'fake.mjs': FAKE,
      'main.cjs': `
        const { ClaudeProcess } = require('devctl/claude');
        ClaudeProcess.start({ claude: process.argv[2] }).then(async (claude) => {
          console.log((await claude.send('1')).result.text);
          await claude.close();
          let events = 0;
          for await (const event of claude.events()) events += event.kind === 'torn' ? 0 : 1;
          console.log(events);
        });`,
    });
    const ran = await rig.exec('node', ['main.cjs', join(rig.project, 'fake.mjs')]);
    expect(ran).toMatchObject({ code: 0, stdout: 'all of 1 MB\n102\n', stderr: '' });
  });

  test('without a Claude Code: start throws; with a wrong path: the turn is lost, and says why', async () => {
    await using rig = projectWith({
      'main.mjs': `
        import { ClaudeProcess } from 'devctl/claude';
        await ClaudeProcess.start().catch((error) => console.log(error.message));
        const claude = await ClaudeProcess.start({ claude: '/nobody/has/claude' });
        console.log(JSON.stringify(await claude.send('x')));
        for await (const event of claude.events()) console.log(event);
        await claude.close();`,
    });
    // Nothing of the tester's.
    const env = { PATH: '/usr/bin:/bin' };
    const { code, stdout } = await rig.exec(process.execPath, ['main.mjs'], { env });
    expect(code).toBe(0);
    const [thrown = '', turn = ''] = stdout.trim().split('\n');
    expect(thrown).toContain('there is no Claude Code on this machine');
    expect(JSON.parse(turn)).toMatchObject({ kind: 'lost', failure: { class: 'no-claude' } });
  });

  test('its types are there for TypeScript', { timeout: 60_000 }, async () => {
    await using rig = projectWith({
      'package.json': '{"type":"module"}',
      'main.ts': `
        import { ClaudeProcess, ClaudeExecutorClient, type ClaudeEvent, type Turn } from 'devctl/claude';
        const claude = await ClaudeProcess.start({ cwd: '/tmp', allowedTools: ['Read'] });
        const turn: Turn = await claude.send('x');
        export const text: string = turn.kind === 'result' ? turn.result.text : turn.failure.message;
        export const events: ClaudeEvent[] = [];
        for await (const event of claude.events()) events.push(event);
        const client = await ClaudeExecutorClient.connect('redis://127.0.0.1');
        export const answer: string = (await client.execute({ prompt: 'x', timeoutMs: 1 })).text;
        // @ts-expect-error a message is a text
        await claude.send(1);`,
    });
    symlinkSync(join(PACKAGE, 'node_modules', '@types'), join(rig.project, 'node_modules', '@types'));
    const words = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--types', 'node', 'main.ts'];
    const { code, stdout } = await rig.exec('tsc', words, { timeoutMs: 55_000 });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });
});
