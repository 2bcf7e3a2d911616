import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

const IDLE = 'exec sleep 86500';

describe('run', () => {
  test('gives a command the environment of a service, and passes its exit code on', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: a\nworker: b\n', '.env': 'COLOR=green\n' });
    const shell = await rig.sh(`$DEVCTL run -s worker sh -c 'echo $PS $PORT $COLOR $WEB_PORT "[$DEVCTL_SESSION]"; exit 7'`);
    expect(shell).toMatchObject({ code: 7, stdout: 'worker 3100 green 3000 []\n', stderr: '' });
  });

  test('leaves a person’s command alone: it is not marked, and stop does not end it', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `web: ${IDLE}\n` });
    await rig.devctl('start');
    const shell = rig.sh(
      `$DEVCTL run sh -c 'grep -c "Max file locks *unlimited" /proc/self/limits; until [ -e go ]; do sleep 0.05; done; echo lived'`,
    );
    await rig.devctl('stop');
    rig.write({ go: '' });
    expect((await shell).stdout).toBe('1\nlived\n');
  });

  test('says what it cannot run, with the shell’s codes', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: a\n', plain: 'no program\n' });
    expect((await rig.devctl('run nosuch')).code).toBe(127);
    expect((await rig.devctl('run ./plain')).code).toBe(126);
  });
});

describe('env', () => {
  test('names each variable with its source', async () => {
    await using rig = Rig.create({
      'Procfile.dev': 'web: a\n',
      'devctl.yml': 'services: { web: { env: { FROM_YML: 1 } } }\n',
      '.env': 'FROM_FILE=2\nBOTH=file\n',
    });
    const { variables } = await rig.json<{ variables: { name: string; value: string; source: string }[] }>('env web', {
      env: { BOTH: 'caller', CLAUDECODE: '1' },
    });
    const of = (name: string) => variables.find((variable) => variable.name === name);
    expect(of('FROM_YML')).toMatchObject({ value: '1', source: 'devctl.yml' });
    expect(of('FROM_FILE')).toMatchObject({ value: '2', source: '.env' });
    expect(of('BOTH')).toMatchObject({ value: 'caller', source: 'caller' });
    expect(of('PORT')).toMatchObject({ value: '3000' });
    expect(of('CLAUDECODE')).toBeUndefined();
  });

  test('what it prints is what the service gets', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `web: env | grep ^X_ > seen; ${IDLE}\n` });
    const env = { X_QUOTES: `a'b"c$(d) \`e\``, X_LINES: 'a', X_EMPTY: '' };
    await rig.devctl('start', { env });
    expect(rig.read('seen').trim().split('\n').sort()).toEqual(
      Object.entries(env)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    );
  });
});

describe('check', () => {
  test('a right Procfile is told as it was understood, with its warnings', async () => {
    await using rig = Rig.create({
      'Procfile.dev': 'web: vite --port 5199\nweb: vite --port 5199\nworker: x\n',
      'Procfile.dev.nontty': 'web: vite\n',
    });
    const checked = await rig.devctl('check');
    expect(checked.code).toBe(0);
    expect(checked.stdout).toMatch(/web .*port 5199 \(from "--port 5199"\)/);
    expect(checked.stdout).toContain('Procfile.dev:2:1');
    expect(checked.stdout).toContain('Procfile.dev.nontty lacks worker');
  });

  test('errors of the variant for no terminal are told as well', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: a\n', 'Procfile.dev.nontty': 'web : a\n' });
    expect(await rig.devctl('check')).toMatchObject({ code: 78 });
  });
});

describe('which services', () => {
  test('names, -x and -m choose them as overmind and foreman have it', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `web: ${IDLE}\nworker: ${IDLE}\nclock: ${IDLE}\n` });
    const names = async () => {
      const { services } = await rig.json<{ services: { name: string; state: string }[] }>('status');
      return services.filter((service) => service.state === 'running').map((service) => service.name);
    };
    await rig.devctl('start -x clock -m web=2,worker=1');
    expect(await names()).toEqual(['web.1', 'web.2', 'worker']);
    await rig.devctl('stop web.2');
    expect(await names()).toEqual(['web.1', 'worker']);
    await rig.devctl('start clock');
    expect(await names()).toEqual(['web.1', 'worker', 'clock']);
  });

  test('OVERMIND_ variables that have an equivalent are honoured', async () => {
    await using rig = Rig.create({ 'Procfile.x': `web: echo $PORT; ${IDLE}\nworker: ${IDLE}\n` });
    const env = { OVERMIND_PROCFILE: 'Procfile.x', OVERMIND_PORT: '4200', OVERMIND_PROCESSES: 'web' };
    const started = await rig.devctl('start', { env });
    expect(started.code).toBe(0);
    expect(started.stdout).not.toContain('worker');
    expect((await rig.devctl('logs web', { env })).stdout).toBe('4200\n');
    await rig.devctl('stop', { env });
  });
});

describe('status', () => {
  test('says that a service runs old code after a commit, until it is restarted', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `web: ${IDLE}\n` });
    const git = (...args: string[]) =>
      spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: rig.project });
    git('init', '-q');
    await rig.devctl('start');
    expect((await rig.devctl('status')).stdout).not.toContain('old code');
    // Git's log of HEAD has whole seconds.
    await waitFor('the next second', () => Date.now() % 1000 < 100 && Date.now(), 5000);
    git('commit', '-q', '--allow-empty', '-m', 'a');
    const status = await rig.devctl('status');
    expect(status).toMatchObject({ code: 0 });
    expect(status.stdout).toMatch(/web runs old code: it started before the last commit/);
    expect(status.stdout).toContain('Next: devctl restart web');
  });

  test('devctl alone says the same in short, and how to begin', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `web: ${IDLE}\n` });
    expect(await rig.devctl('')).toMatchObject({ code: 0, stdout: expect.stringContaining('Next: devctl start') as string });
    await rig.devctl('start');
    expect((await rig.devctl('')).stdout).toContain('web running');
  });

  test('--watch draws again and again on a terminal', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `web: ${IDLE}\n` });
    const terminal = await rig.terminal();
    terminal.type('$DEVCTL status --watch');
    await terminal.waitFor(/STOPPED/);
    await rig.devctl('start');
    await terminal.waitFor(/HEALTHY: 1 service up/);
    terminal.press('C-c');
    await terminal.waitFor(/\$ $/);
  });
});

describe('attach', () => {
  test('shows the panes, stays through a restart, and says who stopped it', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `web: echo one-line; ${IDLE}\n` });
    await rig.devctl('start --mode tmux');
    const terminal = await rig.terminal();
    terminal.type('$DEVCTL attach web');
    await terminal.waitFor(/one-line[^]*leave: Ctrl-b d/);
    await rig.devctl('restart');
    expect(terminal.screen()).toContain('leave: Ctrl-b d');
    await rig.devctl('stop');
    await terminal.waitFor(/stopped by devctl stop \(pid \d+\)/);
  });

  test('leaving leaves the services alone', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `web: ${IDLE}\n` });
    await rig.devctl('start --mode tmux');
    const terminal = await rig.terminal();
    terminal.type('$DEVCTL attach');
    await terminal.waitFor(/leave: Ctrl-b d/);
    terminal.press('C-b', 'd');
    await terminal.waitFor(/the services run on/);
    expect((await rig.devctl('status')).code).toBe(0);
  });

  test('in direct mode it follows the logs, and leaves nothing behind', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `web: echo from-the-log; ${IDLE}\n` });
    await rig.devctl('start --mode direct');
    const terminal = await rig.terminal();
    terminal.type('$DEVCTL attach');
    await terminal.waitFor(/from-the-log/);
    terminal.press('C-b', 'd');
    await terminal.waitFor(/the services run on/);
  });
});

describe('nuke', () => {
  test('asks for --yes without a terminal, lists with --dry-run, and ends every project', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `web: ${IDLE}\n` });
    const other = rig.addProject('other', { 'Procfile.dev': `web: ${IDLE}\n` });
    await rig.devctl('start --mode tmux');
    await rig.devctl('start', { cwd: other });
    const dry = await rig.devctl('nuke --dry-run');
    expect(dry.stdout).toContain(other);
    expect(await rig.devctl('nuke')).toMatchObject({ code: 5, stderr: expect.stringContaining('--yes') as string });
    expect((await rig.devctl('status')).code).toBe(0);
    expect((await rig.devctl('nuke --yes')).code).toBe(0);
    expect(rig.leftovers()).toEqual([]);
  });
});

describe('completion', () => {
  test.each(['bash', 'zsh', 'fish'])('there is a script for %s', async (shell) => {
    await using rig = Rig.create();
    const script = await rig.devctl(`completion ${shell}`);
    expect(script.code).toBe(0);
    expect(script.stdout).toContain('devctl complete --');
  });

  test('it suggests verbs, options and the Procfile’s services', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: a\nworker: b\n' });
    expect((await rig.devctl('complete -- st')).stdout).toMatch(/^start\t[^]*^stop\t/m);
    expect((await rig.devctl('complete -- logs --err')).stdout).toContain('--errors');
    expect((await rig.devctl('complete -- start wo')).stdout).toMatch(/^worker\t/m);
  });
});
