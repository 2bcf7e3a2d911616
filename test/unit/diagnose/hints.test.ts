import { describe, expect, test } from 'vitest';
import { findHints, type Symptoms } from '../../../src/diagnose/hints.ts';

const NPM = new Set(['package.json', 'package-lock.json']);
const hints = (log: string, over: Partial<Symptoms> = {}) =>
  findHints({ code: 1, log, present: NPM, oldDependencies: undefined, holderOf: (port) => ({ port, pid: 7 }), ...over });

describe('what lies behind a failed start', () => {
  test.each([
    'Error: listen EADDRINUSE: address already in use :::3000',
    'Address already in use - bind(2) for "127.0.0.1" port 3000 (Errno::EADDRINUSE)',
    'listen tcp 127.0.0.1:3000: bind: address already in use',
    'Port 3000 is in use, trying another one...',
    'Error: Port 3000 is already in use',
  ])('the holder of a port: %s', (log) => {
    expect(hints(log)).toEqual([{ kind: 'port-held', holder: { port: 3000, pid: 7 } }]);
  });

  test('a port whose holder has gone meanwhile is no hint', () => {
    expect(hints('EADDRINUSE :::3000', { holderOf: () => undefined })).toEqual([]);
  });

  test.each([
    ['sh: 1: vite: not found', 'vite', 'npm install'],
    ['bash: line 1: next: command not found', 'next', 'npm install'],
    ['env: ‘ruby’: No such file or directory', 'ruby', 'npm install'],
  ])('a program that is not there: %s', (log, name, install) => {
    expect(hints(log, { code: 127 })).toEqual([{ kind: 'missing-program', name, install }]);
  });

  test.each([
    ["Error: Cannot find module 'express'", 'missing-package', 'express'],
    ["Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'hono' imported from /a.js", 'missing-package', 'hono'],
    ["Error: Cannot find module '/app/server.js'", 'missing-file', '/app/server.js'],
  ])('%s', (log, kind, what) => {
    expect(hints(log)).toMatchObject([
      { kind, ...(kind === 'missing-file' ? { path: what } : { name: what, install: 'npm install' }) },
    ]);
  });

  test.each([
    [['pnpm-lock.yaml'], 'pnpm install'],
    [['yarn.lock'], 'yarn install'],
    [['bun.lock'], 'bun install'],
  ])('the package manager by its lockfile: %j', (present, install) => {
    expect(hints("Cannot find package 'x'", { present: new Set(present) })).toMatchObject([{ install }]);
  });

  test('gems and Python modules', () => {
    const gems = new Set(['Gemfile']);
    expect(hints('Could not find rails-8.0 in locally installed gems', { present: gems })).toMatchObject([
      { install: 'bundle install' },
    ]);
    expect(hints("ModuleNotFoundError: No module named 'flask'", { present: new Set(['uv.lock']) })).toMatchObject([
      { name: 'flask', install: 'uv sync' },
    ]);
  });

  test('who refused it, and migrations that wait', () => {
    expect(hints('connect ECONNREFUSED 127.0.0.1:5432')).toEqual([{ kind: 'nobody-listens', port: 5432 }]);
    expect(hints('ActiveRecord::PendingMigrationError')).toMatchObject([{ command: 'bin/rails db:migrate' }]);
  });

  test('old dependencies come last, and a log that tells nothing gives no hint', () => {
    expect(hints('boom', { oldDependencies: 'node_modules is older than package-lock.json' })).toEqual([
      { kind: 'old-dependencies', what: 'node_modules is older than package-lock.json', install: 'npm install' },
    ]);
    expect(hints('boom')).toEqual([]);
  });
});
