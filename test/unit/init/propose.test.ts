import { describe, expect, test } from 'vitest';
import { proposeServices } from '../../../src/init/propose.ts';
import { configText } from '../../../src/init/texts.ts';

const propose = (files: Record<string, string>, composeServices: string[] = []) =>
  Object.fromEntries(
    proposeServices({
      isGit: false,
      texts: new Map(Object.entries(files)),
      composeServices,
      isOneNoteFile: false,
      install: 'global',
    }).map(({ name, command }) => [name, command]),
  );
const scripts = (values: Record<string, string>) => JSON.stringify({ scripts: values });

describe('what a project seems to run', () => {
  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['its Procfile, without the release', { Procfile: 'web: puma\nrelease: rake db:migrate\n' }, { web: 'puma' }],
    ['the script dev', { 'package.json': scripts({ dev: 'vite' }) }, { web: 'npm run dev' }],
    ['by its own package manager', { 'package.json': scripts({ dev: 'vite' }), 'pnpm-lock.yaml': '' }, { web: 'pnpm run dev' }],
    [
      'start, where dev runs devctl',
      { 'package.json': scripts({ dev: 'devctl start', start: 'node x' }) },
      { web: 'npm run start' },
    ],
    ['nothing, where all run devctl', { 'package.json': scripts({ dev: 'devctl start' }) }, {}],
    [
      'Rails with its watchers and its queue',
      { Gemfile: 'gem "rails"\ngem "tailwindcss-rails"\ngem "sidekiq"\n', 'bin/rails': '#!' },
      { web: 'bin/rails server -p $PORT', css: 'bin/rails tailwindcss:watch', worker: 'bundle exec sidekiq' },
    ],
    [
      'Rails and a frontend',
      { Gemfile: "gem 'rails'\n", 'package.json': scripts({ dev: 'vite' }) },
      { web: 'bundle exec rails server -p $PORT', frontend: 'npm run dev' },
    ],
    ['Django', { 'manage.py': 'import django' }, { web: 'python manage.py runserver $PORT' }],
    ['broken JSON tells nothing', { 'package.json': '{' }, {}],
  ])('%s', (_name, files, expected) => {
    expect(propose(files)).toEqual(expected);
  });

  test('images of docker-compose that are nobody’s own build', () => {
    expect(propose({}, ['db', 'redis'])).toEqual({ infra: 'docker compose up db redis' });
  });
});

describe('devctl.yml', () => {
  test('declares a port that the line names, and of a script only for the project', () => {
    expect(configText('web: rails server -p 3000\nui: npm run dev\n', { dev: 'vite --port 5173' })).toMatch(
      /ports: \[5173\]\nservices:\n {2}web:\n {4}port: 3000\n {4}patterns: \['puma\|rails server'\]\n {2}ui:\n {4}patterns: \['vite'\]\n$/,
    );
  });

  test('is not there where nothing is to be said', () => {
    expect(configText('worker: bin/work\n', {})).toBeUndefined();
  });
});
