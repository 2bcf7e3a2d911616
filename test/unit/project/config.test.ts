import { describe, expect, test } from 'vitest';
import { configJsonSchema } from '../../../src/project/config-schema.ts';
import { parseConfig } from '../../../src/project/config.ts';
import type { Settings } from '../../../src/project/settings.ts';
import { failureOf, valueOf } from '../fakes/expect-ok.ts';

const parse = (text: string) => parseConfig(text, 'devctl.yml');
const settings = (text: string) => valueOf(parse(text));
const web = (line: string) => settings(`services:\n  web:\n    ${line}\n`).services?.['web'];
const problems = (text: string) => failureOf(parse(text));

describe('settings of the project', () => {
  test.each<[string, Settings]>([
    ['', {}],
    ['# nothing yet\n', {}],
    ['---\n', {}],
    ['procfile: Procfile.x', { procfile: 'Procfile.x' }],
    ['ports: [5432, 6379]', { ports: [5432, 6379] }],
    ['patterns: ["puma .*app"]', { patterns: ['puma .*app'] }],
    ['envFiles: [.env.local, .env]', { envFiles: ['.env.local', '.env'] }],
    ['portBase: 4000', { portBase: 4000 }],
    ['portStep: 10', { portStep: 10 }],
    ['keepEnv: [TERM]', { keepEnv: ['TERM'] }],
    ['dropEnv: [AWS_PROFILE]', { dropEnv: ['AWS_PROFILE'] }],
    ['mode: direct', { mode: 'direct' }],
    ['layout: windows', { layout: 'windows' }],
    ['logs:\n  dir: tmp/log\n  keep: 0', { logs: { dir: 'tmp/log', keep: 0 } }],
  ])('%j', (text, expected) => {
    expect(settings(text)).toEqual(expected);
  });

  test.each<[string, number]>([
    ['1', 1],
    ['500kB', 500_000],
    ['500KB', 500_000],
    ['50MB', 50_000_000],
    ['1.5GB', 1_500_000_000],
  ])('logs.maxSize %s is %i bytes', (size, bytes) => {
    expect(settings(`logs: { maxSize: ${size} }`).logs?.maxBytes).toBe(bytes);
  });
});

describe('settings of a service', () => {
  test.each<[string, object]>([
    ['port: 3000', { port: 3000 }],
    ['ready: { http: /up }', { ready: { http: '/up' } }],
    ['ready: { log: "Listening on .*" }', { ready: { log: 'Listening on .*' } }],
    ['ready: { port: 8080, settle: 1s }', { ready: { port: 8080, settle: 1000 } }],
    ['stopSignal: INT', { stopSignal: 'INT' }],
    ['stopSignal: SIGQUIT', { stopSignal: 'QUIT' }],
    ['stopSignal: sigusr1', { stopSignal: 'USR1' }],
    ['restart: on-failure', { restart: 'on-failure' }],
    ['dependsOn: db', { dependsOn: { db: 'ready' } }],
    ['dependsOn: [db, redis]', { dependsOn: { db: 'ready', redis: 'ready' } }],
    ['dependsOn: { db: started, migrate: completed }', { dependsOn: { db: 'started', migrate: 'completed' } }],
    ['env: { A: x, B: 1, C: true, D: "" }', { env: { A: 'x', B: '1', C: 'true', D: '' } }],
    ['cwd: api', { cwd: 'api' }],
    ['autostart: false', { autostart: false }],
    ['oneShot: true', { oneShot: true }],
    ['shell: bash', { shell: 'bash' }],
    ['instances: 2', { instances: 2 }],
    ['patterns: ["node .*"]', { patterns: ['node .*'] }],
  ])('%s', (line, expected) => {
    expect(web(line)).toEqual(expected);
  });

  test.each<[string, number]>([
    ['0', 0],
    ['3', 3000],
    ['1.5', 1500],
    ['500ms', 500],
    ['5s', 5000],
    ['0.5s', 500],
    ['2m', 120_000],
  ])('grace %s is %i ms', (word, ms) => {
    expect(web(`grace: ${word}`)?.grace).toBe(ms);
  });
});

/** A text, where its problem is, and what is said of it. */
const BAD: [string, string, [number, number], RegExp, string?][] = [
  ['an unknown key', 'prots: [1]', [1, 1], /"prots" is not a setting/, 'ports:'],
  ['an unknown key of a service', 'services:\n  web:\n    dependson: db', [3, 5], /"services.web.dependson"/, 'dependsOn:'],
  ['an unknown key of ready', 'services:\n  web:\n    ready:\n      htpp: /', [4, 7], /"services.web.ready.htpp"/, 'http:'],
  ['an unknown key of logs', 'logs:\n  kep: 1', [2, 3], /"logs.kep"/, 'keep:'],
  ['an unknown key like no other', 'frobnicate: 1', [1, 1], /"frobnicate" is not a setting/],
  ['a port that is a word', 'services:\n  web:\n    port: http', [3, 11], /"services.web.port"/],
  ['a port of 0', 'services:\n  web: { port: 0 }', [2, 16], /"services.web.port"/],
  ['a port above 65535', 'portBase: 65536', [1, 11], /"portBase".*65535/],
  ['a port with a fraction', 'portBase: 80.5', [1, 11], /"portBase"/],
  ['a port in a list', 'ports:\n  - 5432\n  - redis', [3, 5], /"ports.1"/],
  ['a mode that is none', 'mode: screen', [1, 7], /"mode".*tmux/],
  ['a condition that is none', 'services:\n  web:\n    dependsOn: { db: up }', [3, 22], /"services.web.dependsOn.db".*ready/],
  ['a restart that is none', 'services:\n  web:\n    restart: sometimes', [3, 14], /"services.web.restart".*on-failure/],
  ['a signal that is none', 'services:\n  web:\n    stopSignal: NOPE', [3, 17], /"services.web.stopSignal".*TERM/],
  ['a duration that is none', 'services:\n  web:\n    grace: soon', [3, 12], /"services.web.grace".*duration/],
  ['a duration below 0', 'services:\n  web:\n    grace: -1', [3, 12], /"services.web.grace"/],
  ['a duration without a number', 'services:\n  web:\n    grace: s', [3, 12], /"services.web.grace".*duration/],
  ['a size that is none', 'logs:\n  maxSize: big', [2, 12], /"logs.maxSize".*size/],
  ['a path without a slash', 'services:\n  web:\n    ready: { http: up }', [3, 20], /"services.web.ready.http".*begins with/],
  ['a bad regular expression', 'services:\n  web:\n    ready: { log: "(" }', [3, 19], /regular expression/],
  ['a bad name of a variable', 'services:\n  web:\n    env:\n      a-b: 1', [4, 7], /"services.web.env.a-b".*variable name/],
  ['a list where a map is due', 'services:\n  - web', [2, 3], /"services"/],
  ['a service without settings', 'services:\n  web:\n', [2, 7], /"services.web"/],
  ['a file that is a list', '- web\n', [1, 1], /The file/],
  ['a file that is a word', 'web\n', [1, 1], /The file/],
];

describe('problems', () => {
  test.each(BAD)('%s', (_, text, [line, column], what, instead) => {
    const found = problems(text);
    expect(found).toHaveLength(1);
    expect(found[0]?.what).toMatch(what);
    expect(found[0]?.what).not.toMatch(/undefined|\[object/);
    expect(found[0]?.place).toEqual({ file: 'devctl.yml', line, column });
    expect(found[0]?.instead).toBe(instead);
  });

  test('every one is told, with its own place', () => {
    const text = 'mode: x\nservices:\n  web:\n    prot: 1\n    port: y\n  api:\n    cwdd: .\n';
    expect(
      problems(text)
        .map(({ place }) => place.line)
        .sort(),
    ).toEqual([1, 4, 5, 7]);
  });

  test('text that is no YAML', () => {
    const [problem] = problems('services:\n  web: [1\n');
    expect(problem?.place.line).toBeGreaterThanOrEqual(2);
  });

  test('a tab for an indent', () => {
    expect(problems('services:\n\tweb:\n\t\tport: 1\n')[0]?.place.line).toBe(2);
  });

  test('the same key twice', () => {
    expect(problems('mode: tmux\nmode: direct\n')[0]?.place).toMatchObject({ line: 2, column: 1 });
  });

  test('an alias of nothing, such as a glob without quotes, is a problem with its place', () => {
    expect(problems('mode: tmux\npatterns: [*.rb]\n')[0]?.place.line).toBe(2);
  });

  test('aliases that grow without bounds are a problem', () => {
    const text = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((key, i) => {
        const before = 'abcdefg'[i] ?? '';
        return `${key}: &${key} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`;
      }),
    ].join('\n');
    expect(problems(text).length).toBeGreaterThan(0);
  });
});

test('anchors and aliases are YAML as any other', () => {
  const text = 'services:\n  web: &w { grace: 1s }\n  api: *w\n';
  expect(settings(text).services).toEqual({ web: { grace: 1000 }, api: { grace: 1000 } });
});

test('the JSON Schema names every setting', () => {
  const schema = JSON.stringify(configJsonSchema());
  for (const word of ['procfile', 'portBase', 'services', 'dependsOn', 'stopSignal', 'settle', 'maxSize'])
    expect(schema).toContain(`"${word}"`);
});
