import { describe, expect, test } from 'vitest';
import { renderSpec } from '../../../src/services/spec-file.ts';
import { makeService } from '../fakes/services.ts';

const render = (env: Record<string, string>, over = {}) =>
  renderSpec({
    service: makeService(over),
    runId: 'run-1',
    reset: 'env --default-signal=INT',
    env: new Map(Object.entries(env).map(([name, value]) => [name, { value }])),
  });

describe('the keeper’s own assignments', () => {
  test('all of them, each on its line, quoted', () => {
    const service = { command: 'rails s', shell: 'bash', cwd: '/app/x', restart: 'always', mark: '42' };
    expect(render({}, service)).toBe(
      `k_cmd='rails s'\nk_shell='bash'\nk_cwd='/app/x'\nk_policy='always'\nk_run='run-1'\nk_mark='42'\nk_reset='env --default-signal=INT'\n`,
    );
  });

  test('a one-shot is never started again', () => {
    expect(render({}, { oneShot: true, restart: 'always' })).toContain(`k_policy='never'`);
  });

  test('a quote is closed, escaped and opened', () => {
    expect(render({}, { command: `echo 'a'` })).toContain(`k_cmd='echo '\\''a'\\'''`);
  });
});

describe('exports', () => {
  test.each(['A', '_A', 'a1', 'PATH', 'HOME', 'LC_ALL', 'kind', 'K_CMD'])('%s is exported', (name) => {
    expect(render({ [name]: 'v' })).toContain(`export ${name}='v'\n`);
  });

  test.each([
    'UID',
    'EUID',
    'PPID',
    'GROUPS',
    'BASHOPTS',
    'SHELLOPTS',
    'BASH_ENV',
    'IFS',
    'PWD',
    'OLDPWD',
    'SHLVL',
    'OPTIND',
    'ENV',
    '_',
  ])('%s, which the shell keeps for itself, is not', (name) => {
    expect(render({ [name]: 'v' })).not.toContain('export');
  });

  test.each(['k_cmd', 'k_x', 'a-b', '1A', 'a b', 'a.b', 'BASH_FUNC_x%%', '', 'A=B', 'A;touch x'])(
    '%j is no name for it',
    (name) => {
      expect(render({ [name]: 'v' })).not.toContain('export');
    },
  );

  test('a value with a NUL byte is left out', () => {
    expect(render({ A: 'a\0b', B: 'b' })).toMatch(/^export B='b'$/m);
    expect(render({ A: 'a\0b' })).not.toContain('\0');
  });
});
