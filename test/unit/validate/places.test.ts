import { expect, test } from 'vitest';
import { placing } from '../../../src/validate/places.ts';
import { CODE } from '../../../src/validate/source.ts';

const placeOf = placing({});

test.each([
  [
    'production',
    [
      'src/a.ts',
      'app/testing-library.ts',
      'src/latest/a.ts',
      'src/contest.ts',
      'src/spectrum.ts',
      'lib/client.js',
      'src/clipboard.ts',
      'src/scripts/menu.js',
      'packages/web/src/tools/hammer.ts',
      'src/features/stories/list.ts',
    ],
  ],
  [
    'test',
    [
      'test/a.ts',
      'src/__tests__/a.js',
      'src/a.test.ts',
      'src/a.spec.tsx',
      'a_test.mjs',
      'e2e/login.ts',
      'test-login.ts',
      'src/fixtures/user.ts',
      'src/Button.stories.tsx',
    ],
  ],
  [
    'script',
    [
      'bin/run.js',
      'scripts/build.mjs',
      'vite.config.ts',
      'src/cli/main.ts',
      'src/cli.ts',
      'Gruntfile.js',
      'tools/gen.ts',
      'packages/web/scripts/gen.ts',
    ],
  ],
])('%s', (place, paths) => {
  expect(paths.map((path) => [path, placeOf(path, '')])).toEqual(paths.map((path) => [path, place]));
});

test('what devctl.yml says of a file is so, whatever its name', () => {
  const own = placing({ production: ['test-drive.ts'], test: ['src/samples'], script: ['**/*.task.ts'] });
  const paths = ['test-drive.ts', 'src/samples/a/b.ts', 'lib/a.task.ts', 'test/a.ts', 'src/a.ts'];
  expect(paths.map((path) => own(path, ''))).toEqual(['production', 'test', 'script', 'test', 'production']);
});

test('what says how it is run is a script', () => {
  expect(placeOf('src/a.js', '#!/usr/bin/env node\n')).toBe('script');
});

test('code by its name', () => {
  for (const name of ['a.ts', 'a.d.ts', 'a.mts', 'a.cts', 'a.tsx', 'a.js', 'a.mjs', 'a.cjs', 'a.jsx', 'A.TS'])
    expect(CODE.test(name), name).toBe(true);
  for (const name of ['a.json', 'a.vue', 'ts', 'a.ts.bak', 'a.mtsx']) expect(CODE.test(name), name).toBe(false);
});
