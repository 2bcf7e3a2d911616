import { describe, expect, test } from 'vitest';
import { mergeSettings, overmindSettings, type Settings } from '../../../src/project/settings.ts';

describe('overmind’s variables', () => {
  test.each<[string, Record<string, string>, Settings]>([
    ['none', {}, { all: {}, services: {} }],
    ['OVERMIND_PROCFILE', { OVERMIND_PROCFILE: 'Procfile.x' }, { procfile: 'Procfile.x' }],
    ['OVERMIND_PORT', { OVERMIND_PORT: '5000' }, { portBase: 5000 }],
    ['OVERMIND_PORT that is no number', { OVERMIND_PORT: 'x' }, { portBase: undefined }],
    ['OVERMIND_PORT_STEP', { OVERMIND_PORT_STEP: '10' }, { portStep: 10 }],
    ['OVERMIND_PROCESSES', { OVERMIND_PROCESSES: 'web, worker' }, { only: ['web', 'worker'] }],
    ['OVERMIND_IGNORED_PROCESSES', { OVERMIND_IGNORED_PROCESSES: 'css' }, { except: ['css'] }],
    ['OVERMIND_FORMATION', { OVERMIND_FORMATION: 'web=2,all=3' }, { services: { web: { instances: 2 } }, all: { instances: 3 } }],
    [
      'OVERMIND_STOP_SIGNALS',
      { OVERMIND_STOP_SIGNALS: 'web=quit,worker=SIGINT,css=NOPE' },
      { services: { web: { stopSignal: 'QUIT' }, worker: { stopSignal: 'INT' } } },
    ],
    [
      'OVERMIND_AUTO_RESTART',
      { OVERMIND_AUTO_RESTART: 'web,worker' },
      { services: { web: { restart: 'always' }, worker: { restart: 'always' } } },
    ],
    ['OVERMIND_AUTO_RESTART=all', { OVERMIND_AUTO_RESTART: 'all' }, { all: { restart: 'always' } }],
    ['OVERMIND_TIMEOUT, in seconds', { OVERMIND_TIMEOUT: '12' }, { all: { grace: 12_000 } }],
    ['OVERMIND_SHELL', { OVERMIND_SHELL: 'bash' }, { all: { shell: 'bash' } }],
    ['OVERMIND_ENV adds files', { OVERMIND_ENV: '.env.x,.env.y' }, { envFiles: ['.env', '.env.x', '.env.y'] }],
    ['OVERMIND_SKIP_ENV leaves .env out', { OVERMIND_SKIP_ENV: '1' }, { envFiles: [] }],
    ['both', { OVERMIND_SKIP_ENV: '1', OVERMIND_ENV: '.env.x' }, { envFiles: ['.env.x'] }],
  ])('%s', (_, env, expected) => {
    expect(overmindSettings(env)).toMatchObject(expected);
  });

  test('several for one service come together', () => {
    const env = { OVERMIND_FORMATION: 'web=2', OVERMIND_STOP_SIGNALS: 'web=INT', OVERMIND_AUTO_RESTART: 'web' };
    expect(overmindSettings(env).services).toEqual({ web: { instances: 2, stopSignal: 'INT', restart: 'always' } });
  });
});

describe('one over the other', () => {
  test('what is over wins, field by field and service by service', () => {
    const under: Settings = {
      portBase: 4000,
      portStep: 10,
      all: { grace: 1, shell: 'bash' },
      services: { web: { port: 1, instances: 2 }, css: { cwd: 'a' } },
    };
    const over: Settings = { portBase: 5000, all: { grace: 2 }, services: { web: { port: 2 }, api: { cwd: 'b' } } };
    expect(mergeSettings(under, over)).toEqual({
      portBase: 5000,
      portStep: 10,
      all: { grace: 2, shell: 'bash' },
      services: { web: { port: 2, instances: 2 }, css: { cwd: 'a' }, api: { cwd: 'b' } },
    });
  });

  test('what is not said hides nothing', () => {
    const merged = mergeSettings(
      { portBase: 4000, services: { web: { grace: 9 } } },
      { portBase: undefined, services: { web: { grace: undefined } } },
    );
    expect(merged).toMatchObject({ portBase: 4000, services: { web: { grace: 9 } } });
  });
});
