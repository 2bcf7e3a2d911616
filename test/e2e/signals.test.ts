import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MODES, Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

type Exit = { code: number; probableSignal?: string };
type Seen = { name: string; state: string; pid?: number; restarts: number; processes: number; uptimeSeconds?: number };

async function look(rig: Rig, name: string): Promise<(Seen & { lastExit?: Exit }) | undefined> {
  return (await rig.json<{ services: Seen[] }>('status')).services.find((service) => service.name === name);
}

function lookFor(rig: Rig, name: string, what: string, is: (seen: Seen) => boolean) {
  const seen = async () => [await look(rig, name)].find((one) => one !== undefined && is(one));
  return waitFor(`${name} ${what}`, seen, 20_000);
}

/** Fields of /proc/PID/stat after the name. */
function stat(pid: number): { ppid: number; group: number } {
  const [, after = ''] = readFileSync(`/proc/${String(pid)}/stat`, 'utf8').split(') ');
  const [, ppid, group] = after.split(' ');
  return { ppid: Number(ppid), group: Number(group) };
}

/** `node app.js NAME [MS]` writes each signal that it gets to NAME.signals, and after a clean-up of so many ms "clean". */
const APP = `const say = (end, text) => require('node:fs').appendFileSync(process.argv[2] + end, text + '\\n');
const bye = () => { say('.signals', 'clean'); process.exit(0); };
let cleanUp;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'])
  process.on(signal, () => { say('.signals', signal); cleanUp ??= setTimeout(bye, Number(process.argv[3] ?? 300)); });
process.on('SIGCONT', () => say('.continued', ''));
setInterval(() => undefined, 1000);
say('.up', '');
`;

const lines = (rig: Rig, name: string) => (rig.has(name) ? rig.read(name).split('\n').filter(Boolean) : []);
const signals = (rig: Rig, name: string) => lines(rig, `${name}.signals`);
const gotSignal = (rig: Rig, name: string, word: string) => waitFor(`${name}: ${word}`, () => signals(rig, name).includes(word));
const areUp = (rig: Rig, ...names: string[]) =>
  waitFor('apps to be up', () => names.every((name) => rig.has(`${name}.up`)), 20_000);
/** Processes of services; the test's own terminal is none. */
const marked = (rig: Rig) => rig.leftovers().filter((one) => one.why === 'mark');

const UNTIL_GO = 'until [ -e go ]; do sleep 0.05; done';
const ENDS: { name: string; line: string; code: number; signal?: string }[] = [
  { name: 'group0', line: `sleep 600 & ${UNTIL_GO}; kill 0; sleep 600`, code: 143, signal: 'SIGTERM' },
  { name: 'group', line: `sleep 600 & ${UNTIL_GO}; kill -TERM -$$; sleep 600`, code: 143, signal: 'SIGTERM' },
  { name: 'trap', line: `trap 'echo trapped; exit 7' TERM; ${UNTIL_GO}; kill 0; sleep 600`, code: 7 },
  { name: 'onexit', line: `trap 'echo at the end >onexit' EXIT; ${UNTIL_GO}; exit 4`, code: 4 },
  { name: 'zero', line: `${UNTIL_GO}; exit 0`, code: 0 },
  { name: 'three', line: `${UNTIL_GO}; exit 3`, code: 3 },
  { name: 'missing', line: `${UNTIL_GO}; exec no-such-command`, code: 127 },
  { name: 'segv', line: `ulimit -c 0; ${UNTIL_GO}; kill -SEGV $$`, code: 139, signal: 'SIGSEGV' },
  { name: 'killed', line: `${UNTIL_GO}; kill -KILL $$`, code: 137, signal: 'SIGKILL' },
  { name: 'ended', line: `${UNTIL_GO}; kill -TERM $$`, code: 143, signal: 'SIGTERM' },
];

describe.each(MODES)('in %s mode', (mode) => {
  const env = { DEVCTL_MODE: mode };
  const start = async (rig: Rig) => {
    expect(await rig.devctl('start', { env })).toMatchObject({ code: 0 });
  };

  test('a service ends itself or its group, status shows how, and its neighbour lives on', async () => {
    const services = ENDS.map(({ name, line }) => `${name}: ${line}\n`).join('');
    await using rig = Rig.create({ 'Procfile.dev': `${services}bystander: exec sleep 600\n` });
    await start(rig);
    const before = await look(rig, 'bystander');
    rig.write({ go: '' });
    for (const { name, code, signal } of ENDS) {
      // Its keeper writes the exit down, and then ends.
      const seen = await lookFor(rig, name, 'to end', ({ state, processes }) => state === 'ended' && processes === 0);
      expect(seen.lastExit, name).toEqual({ code, ...(signal && { probableSignal: signal }) });
    }
    expect((await rig.devctl('logs trap')).stdout).toContain('trapped');
    expect(rig.read('onexit')).toBe('at the end\n');
    expect(await look(rig, 'bystander')).toMatchObject({ state: 'running', pid: before?.pid });
  });

  test.each([
    ['a plain shell', ''],
    ['a shell deaf to signals', `trap '' INT QUIT TERM HUP TTIN TTOU; `],
  ])('signals have their default actions in a service started from %s', async (_, before) => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: cat /proc/self/status >status; exec sleep 600\n' });
    expect(await rig.sh(`${before}$DEVCTL start`, { env })).toMatchObject({ code: 0 });
    const mask = (field: string) => BigInt(`0x${new RegExp(`^${field}:\\s+(\\w+)`, 'm').exec(rig.read('status'))?.[1] ?? ''}`);
    // HUP, INT, QUIT, TERM, TTIN, TTOU
    const ignored = [1, 2, 3, 15, 21, 22].filter((signal) => (mask('SigIgn') >> BigInt(signal - 1)) & 1n);
    expect(ignored).toEqual([]);
    expect(mask('SigBlk')).toBe(0n);
  });

  test("the service's shell leads a group without the keeper, and nobody holds a descriptor of the caller", async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: echo $$ >pid; exec sleep 600\n', held: '' });
    expect(await rig.sh('exec 7>>held 63>>held; $DEVCTL start', { env })).toMatchObject({ code: 0 });
    const pid = Number(rig.read('pid'));
    const { ppid: keeper, group } = stat(pid);
    expect(readFileSync(`/proc/${String(keeper)}/cmdline`, 'utf8')).toContain('keeper.sh');
    expect(group).toBe(pid);
    expect(stat(keeper).group).not.toBe(group);
    expect(readdirSync(`/proc/${String(pid)}/fd`).sort()).toEqual(['0', '1', '2']);
    const tables = marked(rig).map((one) => `/proc/${String(one.pid)}/fd`);
    expect((await rig.exec('find', [...tables, '-lname', '*/held'])).stdout).toBe('');
  });

  test.each([
    ['a process', undefined],
    ['a suspended process', 'SIGSTOP'],
  ] as const)('stop sends %s one TERM and lets it clean up, also behind layers of shells and npm', async (_, before) => {
    const names = ['plain', 'exec', 'layers', 'npm'];
    await using rig = Rig.create({
      'app.js': APP,
      'package.json': '{"scripts":{"serve":"node app.js npm"}}',
      '.npmrc': 'update-notifier=false\noffline=true\n',
      'Procfile.dev': `plain: node app.js plain; true
exec: exec node app.js exec
layers: sh -c "sh -c 'node app.js layers; true'; true"
npm: npm run --silent serve
`,
    });
    await start(rig);
    await areUp(rig, ...names);
    if (before) for (const name of names) process.kill(-stat((await look(rig, name))?.pid ?? 0).group, before);
    expect(await rig.devctl('stop')).toMatchObject({ code: 0 });
    for (const name of names) expect(signals(rig, name), name).toEqual(['SIGTERM', 'clean']);
    expect(rig.leftovers()).toEqual([]);
  });

  test('stop sends the configured signal, and kills only after the configured grace', async () => {
    await using rig = Rig.create({
      'app.js': APP,
      'Procfile.dev': `int: exec node app.js int
usr1: exec node app.js usr1
slow: exec node app.js slow 1500
late: exec node app.js late 60000
deaf: trap '' TERM; while :; do sleep 0.2; done
`,
      'devctl.yml': `services: { int: { stopSignal: INT }, usr1: { stopSignal: SIGUSR1 }, slow: { grace: 5s },
  late: { grace: 300ms }, deaf: { grace: 300ms } }
`,
    });
    await start(rig);
    await areUp(rig, 'int', 'usr1', 'slow', 'late');
    const stopped = await rig.devctl('stop');
    expect(stopped).toMatchObject({ code: 0 });
    expect(stopped.stdout).toMatch(/ended, [1-9]\d* by KILL/);
    expect(signals(rig, 'int')).toEqual(['SIGINT', 'clean']);
    expect(signals(rig, 'usr1')).toEqual(['SIGUSR1', 'clean']);
    expect(signals(rig, 'slow')).toEqual(['SIGTERM', 'clean']);
    expect(signals(rig, 'late')).toEqual(['SIGTERM']);
  });

  test('restart policies: on-failure and always start again after a pause, never does not', async () => {
    await using rig = Rig.create({
      'Procfile.dev': `never: echo run >>never; ${UNTIL_GO}; exit 3
failing: echo run >>failing; ${UNTIL_GO}; exit 3
content: echo run >>content; ${UNTIL_GO}; exit 0
always: echo run >>always; ${UNTIL_GO}; [ $(wc -l <always) = 1 ] || exec sleep 600
`,
      'devctl.yml':
        'services: { failing: { restart: on-failure }, content: { restart: on-failure }, always: { restart: always } }\n',
    });
    await start(rig);
    rig.write({ go: '' });
    const failing = await lookFor(rig, 'failing', 'to wait for its next run', ({ state }) => state === 'restarting');
    expect(failing.restarts).toBeGreaterThanOrEqual(1);
    expect(failing.lastExit).toEqual({ code: 3 });
    await lookFor(rig, 'always', 'to run again', ({ state, restarts }) => state === 'running' && restarts === 1);
    expect(await look(rig, 'never')).toMatchObject({ state: 'ended', restarts: 0, processes: 0, lastExit: { code: 3 } });
    expect(await look(rig, 'content')).toMatchObject({ state: 'ended', restarts: 0, processes: 0, lastExit: { code: 0 } });
    expect([lines(rig, 'never').length, lines(rig, 'content').length, lines(rig, 'always').length]).toEqual([1, 1, 2]);
  });

  test('start waits over a failure that the policy mends, and stop ends a service in its pause', async () => {
    await using rig = Rig.create({
      'Procfile.dev': `mended: [ -e once ] || { touch once; exit 3; }; exec sleep 600
failing: echo run >>failing; ${UNTIL_GO}; exit 3
`,
      'devctl.yml': 'services: { mended: { restart: on-failure }, failing: { restart: on-failure } }\n',
    });
    await start(rig);
    expect(await look(rig, 'mended')).toMatchObject({ state: 'running', restarts: 1 });
    rig.write({ go: '' });
    // The second pause is one of 4 s: long enough for the stop to come into it.
    await lookFor(rig, 'failing', 'to be in its second pause', (seen) => seen.state === 'restarting' && seen.restarts === 2);
    expect(await rig.devctl('stop')).toMatchObject({ code: 0 });
    expect(lines(rig, 'failing')).toHaveLength(2);
    expect(rig.leftovers()).toEqual([]);
  });
});

describe('in an attached pane', () => {
  async function attach(rig: Rig, service: string) {
    expect(await rig.devctl('start', { env: { DEVCTL_MODE: 'tmux' } })).toMatchObject({ code: 0 });
    const terminal = await rig.terminal();
    terminal.type(`$DEVCTL attach ${service}`);
    await terminal.waitFor(/leave: Ctrl-b d/);
    return terminal;
  }

  test.each([
    ['an app that cleans up', 'node app.js web', undefined],
    ['a shell loop', 'echo >web.up; while :; do sleep 0.2; done', { code: 130, probableSignal: 'SIGINT' }],
  ])('Ctrl-C ends %s for good, whatever its policy, and no other service', async (_, line, lastExit) => {
    await using rig = Rig.create({
      'app.js': APP,
      'Procfile.dev': `other: exec sleep 600\nweb: ${line}\n`,
      'devctl.yml': 'services: { web: { restart: on-failure } }\n',
    });
    const terminal = await attach(rig, 'web');
    await areUp(rig, 'web');
    terminal.press('C-c');
    const web = await lookFor(rig, 'web', 'to end', ({ state }) => state === 'ended');
    expect(web).toMatchObject({ processes: 0, restarts: 0 });
    if (lastExit) expect(web.lastExit).toEqual(lastExit);
    else expect(signals(rig, 'web')).toEqual(['SIGINT', 'clean']);
    expect(await look(rig, 'other')).toMatchObject({ state: 'running' });
  });

  test('Ctrl-Z does not suspend the service for good', async () => {
    await using rig = Rig.create({ 'app.js': APP, 'Procfile.dev': 'web: node app.js web\n' });
    const terminal = await attach(rig, 'web');
    await areUp(rig, 'web');
    terminal.press('C-z');
    await waitFor('the app to be continued', () => rig.has('web.continued'));
    terminal.press('C-c');
    await gotSignal(rig, 'web', 'clean');
    expect(signals(rig, 'web')).toEqual(['SIGINT', 'clean']);
  });

  test('the service reads what is typed', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: while read -r line; do echo "<$line>"; done\n' });
    const terminal = await attach(rig, 'web');
    terminal.type('break on through');
    await terminal.waitFor(/<break on through>/);
  });
});

describe('start --foreground', () => {
  const FILES = { 'app.js': APP, 'Procfile.dev': 'web: node app.js web\nother: echo other is up; exec sleep 600\n' };

  test('Ctrl-C in a terminal stops everything, and only then gives the prompt back', async () => {
    await using rig = Rig.create(FILES);
    const terminal = await rig.terminal();
    terminal.type('$DEVCTL start --foreground; echo "code $?"');
    await terminal.waitFor(/other is up/);
    await areUp(rig, 'web');
    terminal.press('C-c');
    await terminal.waitFor(/code 130/);
    expect(marked(rig)).toEqual([]);
    expect(signals(rig, 'web')).toEqual(['SIGTERM', 'clean']);
  });

  test('a second Ctrl-C does not wait for the grace', async () => {
    await using rig = Rig.create({
      'app.js': APP,
      'Procfile.dev': 'web: exec node app.js web 600000\n',
      'devctl.yml': 'services: { web: { grace: 10m } }\n',
    });
    const terminal = await rig.terminal();
    terminal.type('$DEVCTL start --foreground; echo "code $?"');
    await areUp(rig, 'web');
    terminal.press('C-c');
    await gotSignal(rig, 'web', 'SIGTERM');
    terminal.press('C-c');
    await terminal.waitFor(/code 130/);
    expect(marked(rig)).toEqual([]);
  });

  test('TERM at the end of a pipe stops everything before devctl ends', async () => {
    await using rig = Rig.create(FILES);
    const line = '$DEVCTL start --foreground & until [ -e web.up ]; do sleep 0.05; done; kill -TERM $!; wait $!; echo "code $?"';
    expect((await rig.sh(line)).stdout).toContain('code 143');
    expect(rig.leftovers()).toEqual([]);
    expect(signals(rig, 'web')).toEqual(['SIGTERM', 'clean']);
  });

  test('the end of one service ends all', async () => {
    await using rig = Rig.create({ ...FILES, 'Procfile.dev': `${FILES['Procfile.dev']}brief: ${UNTIL_GO}; exit 3\n` });
    const running = rig.devctl('start --foreground');
    await areUp(rig, 'web');
    await lookFor(rig, 'brief', 'to be up for longer than a start waits', ({ uptimeSeconds = 0 }) => uptimeSeconds > 3);
    rig.write({ go: '' });
    const ended = await running;
    expect([ended.code, ended.stdout]).toEqual([1, expect.stringContaining('brief ended with code 3')]);
    expect(signals(rig, 'web')).toEqual(['SIGTERM', 'clean']);
    expect(rig.leftovers()).toEqual([]);
  });
});
