import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MODES, Rig } from '../support/rig.ts';
import { expectRefusal, runWith, type Refusal } from './refusal.ts';

const GOOD = 'web: exec sleep 600\nworker: exec sleep 600\n';

interface FileCase {
  what: string;
  files: Record<string, string>;
  words?: string;
  refusal: Refusal;
}

const invalid = (code: 'PROCFILE_INVALID' | 'CONFIG_INVALID', ...says: (string | RegExp)[]): Refusal => ({
  exit: 78,
  code,
  says,
});

const FILES: FileCase[] = [
  ...['start', 'restart', 'check', 'env', 'logs', 'run true'].map((words) => ({
    what: `no Procfile (${words})`,
    words,
    files: {},
    refusal: { exit: 78, code: 'NO_PROCFILE', says: ['There is no Procfile', /^ {2}why {2}neither Procfile\.dev nor Procfile/m] },
  })),
  {
    what: 'no file of the name after -f',
    words: 'start -f Procfile.test',
    files: { 'Procfile.dev': GOOD },
    refusal: { exit: 78, code: 'NO_PROCFILE', says: ['Procfile.test'] },
  },
  {
    what: 'an empty Procfile',
    files: { 'Procfile.dev': '' },
    refusal: invalid('PROCFILE_INVALID', 'Procfile.dev:1:1', 'write: web: COMMAND'),
  },
  {
    what: 'a Procfile of comments only',
    files: { Procfile: '# web: node server.js\n\n' },
    refusal: invalid('PROCFILE_INVALID', 'Procfile:1:1'),
  },
  {
    what: 'a Procfile with NUL bytes',
    files: { 'Procfile.dev': `${GOOD}bin\0ary\n` },
    refusal: invalid('PROCFILE_INVALID', 'Procfile.dev:3:4', 'NUL'),
  },
  {
    what: 'a Procfile with a line that is no entry',
    files: { 'Procfile.dev': `${GOOD}css : tailwindcss --watch\n` },
    refusal: invalid('PROCFILE_INVALID', 'Procfile.dev:3:4', 'write: css: tailwindcss --watch'),
  },
  {
    what: 'a port beyond 65535 in devctl.yml',
    files: { 'Procfile.dev': GOOD, 'devctl.yml': 'services:\n  web:\n    port: 70000\n' },
    refusal: invalid('CONFIG_INVALID', 'devctl.yml:3:11', 'services.web.port'),
  },
  {
    what: 'a port that is a word in devctl.yml',
    files: { 'Procfile.dev': GOOD, 'devctl.yml': 'services:\n  web:\n    port: http\n' },
    refusal: invalid('CONFIG_INVALID', 'devctl.yml:3:11', 'services.web.port'),
  },
  {
    what: 'a devctl.yml that is not YAML',
    files: { 'Procfile.dev': GOOD, 'devctl.yml': 'services:\n  web: [1, 2\n' },
    refusal: invalid('CONFIG_INVALID', /devctl\.yml:\d+:\d+ /),
  },
  {
    what: 'a devctl.yml that is indented with tabs',
    files: { 'Procfile.dev': GOOD, 'devctl.yml': 'services:\n\tweb:\n\t\tport: 3000\n' },
    refusal: invalid('CONFIG_INVALID', /devctl\.yml:2:\d+ /),
  },
  {
    what: 'a devctl.yml that is a list',
    files: { 'Procfile.dev': GOOD, 'devctl.yml': '- web\n- worker\n' },
    refusal: invalid('CONFIG_INVALID', 'devctl.yml:1:1'),
  },
  {
    what: 'a misspelt key in devctl.yml',
    files: { 'Procfile.dev': GOOD, 'devctl.yml': 'services:\n  web:\n    prot: 3000\n' },
    refusal: invalid('CONFIG_INVALID', 'devctl.yml:3:5', '"services.web.prot" is not a setting', 'write: port:'),
  },
  {
    what: 'a key twice in devctl.yml',
    files: { 'Procfile.dev': GOOD, 'devctl.yml': 'services:\n  web:\n    port: 3000\n    port: 3001\n' },
    refusal: invalid('CONFIG_INVALID', /devctl\.yml:4:\d+ /),
  },
  {
    what: 'NUL bytes in devctl.yml',
    files: { 'Procfile.dev': GOOD, 'devctl.yml': 'ser\0vices: {}\n' },
    refusal: invalid('CONFIG_INVALID', /devctl\.yml:1:\d+ /),
  },
  {
    what: 'a service in devctl.yml that the Procfile does not have',
    files: { 'Procfile.dev': GOOD, 'devctl.yml': 'services:\n  wbe:\n    port: 3000\n' },
    refusal: invalid('CONFIG_INVALID', '"wbe"', 'write: web'),
  },
  {
    what: 'a pattern in devctl.yml that is no regular expression',
    files: { 'Procfile.dev': GOOD, 'devctl.yml': `services:\n  web:\n    ready: { log: '(' }\n` },
    refusal: invalid('CONFIG_INVALID', 'devctl.yml:3:19', 'regular expression'),
  },
  {
    what: 'services that depend on each other in a circle',
    files: { 'Procfile.dev': GOOD, 'devctl.yml': 'services:\n  web: { dependsOn: worker }\n  worker: { dependsOn: web }\n' },
    refusal: invalid('CONFIG_INVALID', /web -> worker -> web|worker -> web -> worker/),
  },
];

test.each(FILES)('$what is refused', async ({ files, words = 'start', refusal }) => {
  await using rig = Rig.create(files);
  await expectRefusal(rig, runWith(rig), words.split(' '), refusal);
  expect(rig.has('log')).toBe(false);
});

test.each(['Procfile.dev', 'devctl.yml', '.env'])('a folder named %s is refused', async (name) => {
  await using rig = Rig.create(name === 'Procfile.dev' ? {} : { 'Procfile.dev': GOOD });
  mkdirSync(join(rig.project, name));
  await expectRefusal(rig, runWith(rig), ['start'], { exit: 78, code: 'UNREADABLE_FILE', says: [name, 'it is a folder'] });
});

const usage = (...says: (string | RegExp)[]): Refusal => ({ exit: 2, code: 'USAGE', says });

const WORDS: { words: string; env?: Record<string, string>; refusal: Refusal }[] = [
  ...['start wbe', 'start -x wbe', 'start -m wbe=2', 'restart wbe', 'logs wbe', 'env wbe', 'run -s wbe true'].map((words) => ({
    words,
    refusal: {
      exit: 2,
      code: 'UNKNOWN_SERVICE',
      says: ['There is no service "wbe"', /^ {2}why {2}.*web, worker/m, /^ {2}fix {2}write "web"/m],
    },
  })),
  { words: 'start -m web', refusal: usage('-m "web" is not SERVICE=NUMBER', '-m web=2') },
  { words: 'start -m web=two', refusal: usage('-m "web=two"') },
  { words: 'start -m web=-1', refusal: usage('-m "web=-1"') },
  { words: 'start -m web=1.5', refusal: usage('-m "web=1.5"') },
  { words: 'start --timeout soon', refusal: usage('--timeout "soon" is not a duration', '--timeout 30s') },
  { words: 'start --timeout=-5s', refusal: usage('--timeout "-5s"') },
  { words: 'start --timeout=', refusal: usage('--timeout ""') },
  { words: 'start --timeout', refusal: usage('--timeout') },
  { words: 'stop --timeout never', refusal: usage('--timeout "never"') },
  { words: 'start --mode screen', refusal: usage('--mode "screen" is neither tmux nor direct') },
  { words: 'start', env: { DEVCTL_MODE: 'screen' }, refusal: usage('DEVCTL_MODE "screen" is neither tmux nor direct') },
  { words: 'logs --cursor garbage', refusal: usage('--cursor "garbage" is not a cursor') },
  { words: 'logs --cursor=', refusal: usage('--cursor ""') },
  { words: 'logs --grep (', refusal: usage('--grep "("', 'regular expression') },
  { words: 'logs -n many', refusal: usage('-n "many"') },
  { words: 'logs -n -1', refusal: usage('-n') },
  { words: 'logs --since yesterday', refusal: usage('--since "yesterday"', '--since 10m') },
  { words: 'logs --for soon -f', refusal: usage('--for "soon"') },
  { words: 'logs --run next', refusal: usage('--run "next"', '--run previous') },
  { words: 'logs -f', refusal: usage('terminal', 'devctl logs -f --for 30s') },
  { words: 'attach', refusal: { exit: 2, code: 'NEEDS_TERMINAL', says: ['"devctl attach" needs a terminal'] } },
  { words: 'start --attach', refusal: { exit: 2, code: 'NEEDS_TERMINAL', says: ['needs a terminal'] } },
  { words: 'start --frobnicate', refusal: usage('--frobnicate', 'devctl start --help') },
  { words: 'logs --frobnicate stop', refusal: usage('devctl logs --help') },
  { words: '--frobnicate logs', refusal: usage('devctl logs --help') },
  { words: 'logs --frobnicate validate', refusal: usage('devctl logs --help') },
  { words: 'start --no-wiat', refusal: usage('--no-wiat', '--no-wait') },
  { words: 'strat web', refusal: usage('There is no command "strat"', 'devctl start web') },
  { words: 'status web', refusal: usage(/status/) },
  { words: 'completion powershell', refusal: usage('powershell', 'bash') },
];

test.each(WORDS)('"devctl $words" is a usage error', async ({ words, env = {}, refusal }) => {
  await using rig = Rig.create({ 'Procfile.dev': GOOD });
  await expectRefusal(rig, runWith(rig), words.split(' '), refusal, { env });
  expect(rig.has('log')).toBe(false);
});

describe.each(MODES)('with a run in %s mode', (mode) => {
  const other = mode === 'direct' ? 'tmux' : 'direct';

  test.each([
    { what: 'another --mode', words: ['start', '--mode', other], says: [`mode ${mode}`, `mode ${other}`, '--mode'] },
    { what: 'another -f', words: ['start', '-f', 'Procfile.other'], says: ['Procfile.dev', 'Procfile.other', '-f'] },
  ])('$what is refused, and the run is left alone', async ({ words, says }) => {
    await using rig = Rig.create({ 'Procfile.dev': GOOD, 'Procfile.other': GOOD });
    expect((await rig.devctl('start', { env: { DEVCTL_MODE: mode } })).code).toBe(0);
    await expectRefusal(rig, runWith(rig), words, { exit: 2, code: 'CONFLICT', says });
    expect(await rig.json('status')).toMatchObject({ verdict: 'healthy', mode });
  });

  test.each(['stop wbe', 'restart wbe', 'logs wbe'])('"devctl %s" is a usage error, and the run is left alone', async (words) => {
    await using rig = Rig.create({ 'Procfile.dev': GOOD });
    expect((await rig.devctl('start', { env: { DEVCTL_MODE: mode } })).code).toBe(0);
    await expectRefusal(rig, runWith(rig), words.split(' '), {
      exit: 2,
      code: 'UNKNOWN_SERVICE',
      says: ['There is no service "wbe"', 'write "web"'],
    });
    expect(await rig.json('status')).toMatchObject({ verdict: 'healthy' });
  });
});
