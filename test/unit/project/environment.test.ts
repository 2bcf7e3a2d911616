import { describe, expect, test } from 'vitest';
import { portBaseFrom, serviceEnvironment, withoutGiven, type EnvironmentInput } from '../../../src/project/environment.ts';
import type { Service } from '../../../src/project/service.ts';
import { makeService } from '../fakes/services.ts';

function environment(over: Partial<EnvironmentInput> = {}, service: Service = makeService()) {
  return serviceEnvironment(service, {
    caller: {},
    files: [],
    services: [service],
    mode: 'direct',
    projectId: 'abcabcabcabc',
    keepEnv: [],
    dropEnv: [],
    ...over,
  });
}

const values = (over: Partial<EnvironmentInput> = {}, service?: Service) =>
  Object.fromEntries([...environment(over, service)].map(([name, { value }]) => [name, value]));
const names = (over: Partial<EnvironmentInput> = {}) => Object.keys(values(over));

describe('precedence: .env files < caller < devctl < devctl.yml', () => {
  const file = { file: '.env', values: { A: 'file', PORT: 'file', PS: 'file', DEVCTL_SESSION: 'file' } };
  const caller = { A: 'caller', PORT: 'caller', PS: 'caller', DEVCTL_SESSION: 'caller' };

  test('a file fills what the caller lacks', () => {
    expect(environment({ files: [file] }).get('A')).toEqual({ value: 'file', source: '.env' });
  });

  test('the caller wins over a file', () => {
    expect(environment({ files: [file], caller }).get('A')).toEqual({ value: 'caller', source: 'caller' });
  });

  test('an empty value of the caller wins too', () => {
    expect(environment({ files: [file], caller: { A: '' } }).get('A')).toEqual({ value: '', source: 'caller' });
  });

  test('the first file that has a name wins', () => {
    const files = [
      { file: '.env.local', values: { A: 'local' } },
      { file: '.env', values: { A: 'env', B: 'env' } },
    ];
    expect(values({ files })).toMatchObject({ A: 'local', B: 'env' });
  });

  test.each(['PORT', 'PS', 'DEVCTL_SESSION'])('devctl wins over both with %s', (name) => {
    expect(environment({ files: [file], caller }).get(name)?.source).toMatch(/^devctl: /);
  });

  test.each(['A', 'PORT', 'PS', 'WEB_PORT', 'PYTHONUNBUFFERED', 'ASTRO_DEV_BACKGROUND'])(
    'devctl.yml wins over all with %s',
    (name) => {
      const service = makeService({ env: { [name]: 'yml' } });
      expect(environment({ files: [file], caller: { [name]: 'caller' } }, service).get(name)).toEqual({
        value: 'yml',
        source: 'devctl.yml',
      });
    },
  );
});

describe('what devctl gives', () => {
  test('PORT, PS and DEVCTL_SESSION of the service', () => {
    const service = makeService({ name: 'web.2', port: 3101 });
    expect(values({}, service)).toMatchObject({ PORT: '3101', PS: 'web.2', DEVCTL_SESSION: 'abcabcabcabc' });
  });

  test('where every service listens: what is expected of it, else what it was given', () => {
    const services = [
      makeService({ name: 'web', port: 3000 }),
      makeService({ name: 'api', port: 3100, expects: { kind: 'inferred', port: 4000, from: '-p 4000' } }),
      makeService({ name: 'back-end.2', port: 3200, expects: { kind: 'declared', port: 5000 } }),
    ];
    expect(values({ services })).toMatchObject({
      WEB_PORT: '3000',
      WEB_URL: 'http://localhost:3000',
      API_PORT: '4000',
      API_URL: 'http://localhost:4000',
      BACK_END_2_PORT: '5000',
      BACK_END_2_URL: 'http://localhost:5000',
    });
  });

  test('no <NAME>_PORT over one that the caller or a file has', () => {
    const files = [{ file: '.env', values: { WEB_URL: 'https://web.test' } }];
    expect(values({ caller: { WEB_PORT: '9' }, files })).toMatchObject({ WEB_PORT: '9', WEB_URL: 'https://web.test' });
  });

  test('PYTHONUNBUFFERED in direct mode only, and not over the caller', () => {
    expect(values({ mode: 'direct' })['PYTHONUNBUFFERED']).toBe('1');
    expect(values({ mode: 'tmux' })['PYTHONUNBUFFERED']).toBeUndefined();
    expect(values({ mode: 'direct', caller: { PYTHONUNBUFFERED: '' } })['PYTHONUNBUFFERED']).toBe('');
  });

  test('ASTRO_DEV_BACKGROUND=0, and not over the caller', () => {
    expect(values()['ASTRO_DEV_BACKGROUND']).toBe('0');
    expect(values({ caller: { ASTRO_DEV_BACKGROUND: '1' } })['ASTRO_DEV_BACKGROUND']).toBe('1');
  });
});

const LAUNCHER = [
  'CLAUDECODE',
  'CLAUDE_PID',
  'CLAUDE_EFFORT',
  'AI_AGENT',
  'CLAUDE_PROJECT_DIR',
  'CLAUDE_ENV_FILE',
  'CLAUDE_CODE_ENTRYPOINT',
  'CLAUDE_CODE_SESSION_ID',
  'CLAUDE_CODE_CHILD_SESSION',
  'CLAUDE_CODE_SESSION_ATTENDED',
  'CLAUDE_CODE_EXECPATH',
  'CLAUDE_CODE_CHILD_NOTES_DIR',
  'CLAUDE_CODE_LAUNCHED_BY_SESSION_IDS',
  'CLAUDE_CODE_MESSAGING_SOCKET_PATH',
];
const CHANGED = ['GIT_EDITOR', 'COREPACK_ENABLE_AUTO_PIN', 'NoDefaultCurrentDirectoryInExePath'];
const OF_THE_USER = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_MODEL',
  'CLAUDE_CONFIG_DIR',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CODE_USE_BEDROCK',
  'MY_CLAUDECODE',
  'CLAUDECODE_X',
  'claudecode',
  'GITHUB_TOKEN',
  'HTTP_PROXY',
  'PATH',
  'HOME',
  'LANG',
  'NODE_ENV',
  'EDITOR',
];

const set = (list: string[]) => Object.fromEntries(list.map((name) => [name, 'x']));

describe('what is taken out of the caller’s', () => {
  test.each(LAUNCHER)('%s, of the launcher', (name) => {
    expect(names({ caller: set([name]) })).not.toContain(name);
  });

  test.each(OF_THE_USER)('%s stays, under an agent too', (name) => {
    expect(names({ caller: set([name, 'CLAUDECODE']) })).toContain(name);
  });

  test.each(CHANGED)('%s only under an agent', (name) => {
    expect(names({ caller: set([name, 'CLAUDECODE']) })).not.toContain(name);
    expect(names({ caller: set([name]) })).toContain(name);
  });

  test('what a file sets stays, whatever its name', () => {
    const files = [{ file: '.env', values: set([...LAUNCHER, ...CHANGED, 'NODE_OPTIONS', 'DEVCTL_MODE']) }];
    expect(names({ files, caller: { CLAUDECODE: '1' } })).toEqual(
      expect.arrayContaining([...LAUNCHER, ...CHANGED, 'NODE_OPTIONS', 'DEVCTL_MODE']),
    );
  });

  test('devctl’s own variables, but DEVCTL_PROBE', () => {
    const caller = set(['DEVCTL_MODE', 'DEVCTL_RUN_DIR', 'DEVCTL_PROBE']);
    expect(names({ caller })).toContain('DEVCTL_PROBE');
    expect(names({ caller })).not.toContain('DEVCTL_MODE');
    expect(names({ caller })).not.toContain('DEVCTL_RUN_DIR');
  });

  test.each(['TERM', 'TMUX', 'TMUX_PANE', 'COLUMNS', 'LINES'])('%s, in tmux mode only', (name) => {
    expect(names({ caller: set([name]), mode: 'tmux' })).not.toContain(name);
    expect(names({ caller: set([name]), mode: 'direct' })).toContain(name);
  });

  test.each([...LAUNCHER, ...CHANGED, 'TERM', 'DEVCTL_MODE', 'NODE_OPTIONS'])('keepEnv keeps %s', (name) => {
    const caller = { CLAUDECODE: '1', [name]: '--max-old-space-size=1' };
    expect(values({ caller, keepEnv: [name], mode: 'tmux' })[name]).toBe('--max-old-space-size=1');
  });

  test('dropEnv drops, over keepEnv, and not what a file sets', () => {
    const files = [{ file: '.env', values: { A: 'file' } }];
    expect(values({ caller: { A: 'caller', B: 'b' }, dropEnv: ['A', 'B'], keepEnv: ['B'], files })).toMatchObject({ A: 'file' });
    expect(names({ caller: { B: 'b' }, dropEnv: ['B'], keepEnv: ['B'] })).not.toContain('B');
  });
});

describe('NODE_OPTIONS and BUN_OPTIONS', () => {
  test.each<[string, string | undefined]>([
    ['--max-old-space-size=14336', undefined],
    ['--max_old_space_size=8192', undefined],
    ['--max-old-space-size 8192', undefined],
    ['--max-old-space-size=8192 --max-semi-space-size=64', undefined],
    ['--max-old-space-size=8192 --inspect', '--inspect'],
    ['--inspect --max-old-space-size=8192', '--inspect'],
    ['--require ./a.js --max-semi-space-size=64 --no-warnings', '--require ./a.js --no-warnings'],
    ['--require ./instrument.js', '--require ./instrument.js'],
    ['--openssl-legacy-provider', '--openssl-legacy-provider'],
  ])('under an agent "%s" becomes %j', (given, expected) => {
    for (const name of ['NODE_OPTIONS', 'BUN_OPTIONS']) {
      expect(values({ caller: { CLAUDECODE: '1', [name]: given } })[name]).toBe(expected);
      expect(values({ caller: { [name]: given } })[name]).toBe(given);
    }
  });
});

describe('the base of PORT', () => {
  const file = (PORT: string) => [{ file: '.env', values: { PORT } }];
  test.each<[string, Record<string, string>, EnvironmentInput['files'], number | undefined, number]>([
    ['the default', {}, [], undefined, 3000],
    ['the settings', {}, [], 5000, 5000],
    ['a file over the settings', {}, file('4000'), 5000, 4000],
    ['the caller over a file', { PORT: '6000' }, file('4000'), 5000, 6000],
    ['the first file that says one', {}, [{ file: 'a', values: {} }, ...file('4000'), ...file('4001')], undefined, 4000],
    ['no word', { PORT: 'web' }, [], undefined, 3000],
    ['no empty text', { PORT: '' }, file('4000'), undefined, 4000],
    ['not 0', { PORT: '0' }, [], undefined, 3000],
    ['not above 65535', { PORT: '65536' }, [], undefined, 3000],
    ['no fraction', { PORT: '3000.5' }, [], undefined, 3000],
    ['not below 0', { PORT: '-1' }, [], undefined, 3000],
  ])('%s', (_, caller, files, settings, expected) => {
    expect(portBaseFrom(caller, files, settings, 3000)).toBe(expected);
  });
});

describe('what devctl gave to the service that a command is typed in', () => {
  test('does not count; what a person set does', () => {
    const given = {
      PS: 'web',
      PORT: '3000',
      WEB_PORT: '3000',
      WEB_URL: 'http://localhost:3000',
      DEVCTL_GIVEN: 'PS=web PORT=3000 WEB_PORT=3000 WEB_URL=http://localhost:3000',
    };
    const own = { ELASTIC_PORT: '9200', ELASTIC_URL: 'http://localhost:9200', HOME: '/h' };
    expect(withoutGiven({ ...given, ...own })).toEqual({ ...own, DEVCTL_GIVEN: given.DEVCTL_GIVEN });
    expect(withoutGiven({ ...given, PORT: '4000' })).toMatchObject({ PORT: '4000' });
    expect(withoutGiven(own)).toEqual(own);
  });
});
