import { spawn } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MODES, Rig, type Ran } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';
import { server } from './port-holders.ts';

const output = ({ stdout, stderr }: Ran) => stdout + stderr;

/** Makes a file of the project look as old as this. */
const age = (rig: Rig, name: string, minutes: number) => {
  const seconds = Date.now() / 1000 - 60 * minutes;
  utimesSync(join(rig.project, name), seconds, seconds);
};

async function failedStart(rig: Rig, words = 'start', env = {}): Promise<string> {
  const failed = await rig.devctl(words, { env });
  expect(failed.code, output(failed)).toBe(1);
  expect(failed.stderr).toMatch(/fix .*\S/);
  return failed.stderr;
}

describe.each(MODES)('the reply of a start that failed is enough, in %s mode', (mode) => {
  const env = { DEVCTL_MODE: mode };

  test('which service, with which code, the last error lines with the stack trace folded, the next command', async () => {
    await using rig = Rig.create({
      'boot.cjs': `function deep(n) { if (n === 0) throw new Error('DATABASE is not there'); deep(n - 1); }\nError.stackTraceLimit = 50;\ndeep(30);`,
      'Procfile.dev': 'good: exec sleep 600\nbad: exec node boot.cjs\n',
    });
    const said = await failedStart(rig, 'start', env);
    expect(said).toMatch(/^error: "bad" ended with code 1 /);
    expect(said).toContain('Error: DATABASE is not there');
    expect(said).toMatch(/more frame/);
    expect(said.split('\n').filter((line) => /^\s*\|?\s*at /.test(line)).length).toBeLessThan(5);
    expect(said).toContain('devctl logs bad');
    expect(said.split('\n').length).toBeLessThan(40);
  });

  test('by which signal', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: kill -SEGV $$\n' });
    expect(await failedStart(rig, 'start', env)).toMatch(/"web" .*SIGSEGV/);
  });

  test('the error is told also when much was written after it', async () => {
    await using rig = Rig.create({
      'Procfile.dev': `web: echo 'Error: cannot open config.toml'; for i in $(seq 150); do echo tidying up $i; done; exit 2\n`,
    });
    const said = await failedStart(rig, 'start', env);
    expect(said).toContain('Error: cannot open config.toml');
    expect(said).toContain('tidying up 150');
  });
});

describe('what lies behind it', () => {
  test('a port that somebody else holds, though no line names it', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'app.cjs': `require('http').createServer().listen(${String(port)}, '127.0.0.1')`,
      'Procfile.dev': 'web: exec node app.cjs\n',
    });
    await using holder = await server(rig, port, { cwd: '/' });
    const said = await failedStart(rig);
    expect(said).toMatch(new RegExp(`port ${String(port)} is held by pid ${String(holder.pid)} "node `));
    expect(said).toContain(`devctl start --take-port ${String(port)}`);
  });

  test.each([
    [
      '.next/dev/lock',
      (pid: number) => `{"pid":${String(pid)},"port":3000}`,
      'next',
      'Another next dev server is already running.',
    ],
    ['.nuxt/nuxt.lock', (pid: number) => `{"pid":${String(pid)}}`, 'nuxt', 'Another Nuxt dev server is already running'],
    ['.astro/dev.json', (pid: number) => `{"pid":${String(pid)}}`, 'astro', 'An astro dev server is already running'],
  ])('the lock %s that refuses, with the server that holds it', async (lock, text, name, words) => {
    await using rig = Rig.create({ 'Procfile.dev': `web: echo '${words}'; exit 1\n` });
    rig.write({ [`node_modules/${name}/bin/${name}.js`]: 'setInterval(() => undefined, 1000)' }, rig.root);
    const holder = spawn('node', [join(rig.root, 'node_modules', name, 'bin', `${name}.js`), 'dev'], {
      cwd: '/',
      stdio: 'ignore',
    });
    try {
      const pid = await waitFor('the server', () => holder.pid);
      rig.write({ [lock]: text(pid) });
      const said = await failedStart(rig);
      expect(said).toContain(lock);
      expect(said).toContain(`pid ${String(pid)}`);
      expect(said.split(/^ *fix/m)[1], 'a command against the holder of the lock').toContain(String(pid));
    } finally {
      holder.kill('SIGKILL');
    }
  });

  test('dependencies: older than the lockfile, not there, a package that is missing, a program that is', async () => {
    await using rig = Rig.create({
      'package.json': '{}',
      'package-lock.json': '{}',
      'node_modules/.package-lock.json': '{}',
      'app.cjs': `require('left-pad-of-nobody')`,
      'Procfile.dev': 'web: exec node app.cjs\n',
    });
    age(rig, 'node_modules/.package-lock.json', 10);
    const old = await failedStart(rig);
    expect(old).toContain('node_modules is older than package-lock.json');
    expect(old).toContain('left-pad-of-nobody');
    expect(old).toMatch(/fix +npm (install|ci)/);
    age(rig, 'package-lock.json', 20);
    expect(await failedStart(rig)).not.toContain('is older than');
    rig.write({ 'Procfile.dev': 'web: vite-of-nobody --port 1\n' });
    expect(await failedStart(rig)).toContain('vite-of-nobody');
  });

  test('as JSON the same is there, for every service that failed', async () => {
    await using rig = Rig.create({
      'Procfile.dev': 'one: echo Error: first; exit 3\ntwo: echo Error: second; exit 4\nok: exec sleep 600\n',
    });
    const failed = await rig.devctl('start --json');
    expect(failed.code).toBe(1);
    const document = JSON.parse(failed.stdout) as { ok: boolean; failure: { code: string; what: string; fix: string[] } };
    expect(document).toMatchObject({ ok: false, failure: { code: 'START_FAILED' } });
    expect(failed.stdout).toMatch(/Error: (first|second)/);
    expect(document.failure.fix.length).toBeGreaterThan(0);
  });

  test('one that never gets ready is told with what it was waited for', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'Procfile.dev': 'web: echo connecting to the database; exec sleep 600\n',
      'devctl.yml': `services: { web: { port: ${String(port)} } }\n`,
    });
    const said = await failedStart(rig, 'start --timeout 2s');
    expect(said).toContain(String(port));
    expect(said).toContain('connecting to the database');
  });
});

describe('devctl diagnose', () => {
  const SECRETS = {
    STRIPE_API_KEY: 'plainvalue-stripe-81723',
    REDIS_PASSWORD: 'plainvalue-redis-55120',
    SECRET_KEY_BASE: 'plainvalue-base-77aa',
    // devctl-ignore no-secret: made up, to be masked
    DATABASE_URL: 'postgres://app:plainvalue-url-3301@db.invalid/app',
  };
  /** What may not be read anywhere. */
  const WORDS = Object.values(SECRETS).map((value) => /plainvalue-[\w-]+/.exec(value)?.[0] ?? '');
  const dotenv = Object.entries(SECRETS)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
  const shown = (text: string) => WORDS.filter((word) => text.includes(word));

  /** A project that writes all its secrets into its log, as programs do. */
  const leaky = (): Rig =>
    Rig.create({
      '.env': dotenv,
      'say.sh': `for name in ${Object.keys(SECRETS).join(' ')}; do eval echo "using \\$$name now"; done; echo Error: at the end\n`,
      'Procfile.dev': 'web: sh say.sh; exec sleep 600\n',
    });

  test('holds versions, status, plan, events and log tails, and no secret of .env', async () => {
    await using rig = leaky();
    expect((await rig.devctl('start')).code, rig.history).toBe(0);
    expect((await rig.devctl('wait web --for log:at.the.end')).code).toBe(0);
    const told = await rig.devctl('diagnose');
    expect(told.code).toBe(0);
    for (const word of ['devctl 0.', process.version, 'HEALTHY', 'started by', 'Procfile.dev', 'Error: at the end'])
      expect(told.stdout).toContain(word);
    expect(shown(told.stdout)).toEqual([]);
    const json = await rig.devctl('diagnose --json');
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, schema: 'devctl.diagnose/1' });
    expect(shown(json.stdout)).toEqual([]);
  });

  test.each([
    ['the Procfile has an error', { 'Procfile.dev': 'web: sh say.sh; exec sleep 600\nweb : twice\n' }],
    ['devctl.yml has an error', { 'devctl.yml': 'services: { wbe: {} }\n' }],
    ['.env has another value by now', { '.env': 'STRIPE_API_KEY=new-value-1\n' }],
  ])('also when %s', async (_, files) => {
    await using rig = leaky();
    expect((await rig.devctl('start')).code, rig.history).toBe(0);
    expect((await rig.devctl('wait web --for log:at.the.end')).code).toBe(0);
    rig.write(files);
    const told = await rig.devctl('diagnose');
    expect(told.code).toBe(0);
    expect(told.stdout, 'the log is there').toContain('Error: at the end');
    expect(shown(told.stdout)).toEqual([]);
  });

  test.each([
    ['PGPASSWORD', 'plainvalue-1'],
    ['authToken', 'plainvalue-2'],
    ['SSHPASS', 'plainvalue-3'],
    ['AWS_SECRET_ACCESS_KEY', 'plainvalue-4'],
    ['DB_PASS', 'plainvalue-5'],
    ['REDIS_URL', 'redis://:plainvalue-6@cache.invalid:6379/0'],
  ])('masks the value of %s in a log, where no name stands beside it', async (name, value) => {
    await using rig = Rig.create({
      '.env': `${name}=${value}\n`,
      'Procfile.dev': `web: echo "tried $${name} in vain"; echo Error: at the end; exec sleep 600\n`,
    });
    expect((await rig.devctl('start')).code, rig.history).toBe(0);
    expect((await rig.devctl('wait web --for log:at.the.end')).code).toBe(0);
    const told = await rig.devctl('diagnose');
    expect(told.stdout).toContain('in vain');
    expect(told.stdout).not.toContain('plainvalue');
  });

  /** A service that writes one variable into its log, and the text of `diagnose`. */
  async function diagnosed(files: Record<string, string>, given = {}, asked = given): Promise<string> {
    await using rig = Rig.create({ 'say.sh': 'echo "have $MY_TOKEN"; echo Error: at the end\n', ...files });
    expect((await rig.devctl('start', { env: given })).code, rig.history).toBe(0);
    expect((await rig.devctl('wait web --for log:at.the.end')).code).toBe(0);
    const told = await rig.devctl('diagnose', { env: asked });
    expect(told.stdout).toContain('Error: at the end');
    return told.stdout;
  }
  const SAY = { 'Procfile.dev': 'web: sh say.sh; exec sleep 600\n' };

  test('masks what devctl.yml gives', async () => {
    const config = { 'devctl.yml': 'services: { web: { env: { MY_TOKEN: plainvalue-yml } } }\n' };
    expect(await diagnosed({ ...SAY, ...config })).not.toContain('plainvalue');
  });

  test('masks what the line itself gives', async () => {
    expect(
      await diagnosed({ 'Procfile.dev': 'web: MY_KEY=x MY_TOKEN=plainvalue-line sh say.sh; exec sleep 600\n' }),
    ).not.toContain('plainvalue');
  });

  test('masks what the caller exported, also for a caller that has not', async () => {
    const env = { MY_TOKEN: 'plainvalue-caller' };
    expect(await diagnosed(SAY, env)).not.toContain('plainvalue');
    expect(await diagnosed(SAY, env, {})).not.toContain('plainvalue');
  });

  test('answers where there is no Procfile, and where nothing ever ran', async () => {
    await using rig = Rig.create();
    expect(await rig.devctl('diagnose')).toMatchObject({ code: 0, stderr: '' });
    rig.write({ 'Procfile.dev': 'web: exec sleep 600\n' });
    const told = await rig.devctl('diagnose');
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout).toContain('exec sleep 600');
  });
});
