import fc from 'fast-check';
import { forEachChild, parse } from 'unbash';
import { describe, expect, test } from 'vitest';
import { judgeCommand } from '../../../src/claude/guard/guard.ts';
import { mayConcern } from '../../../src/claude/guard/quick-look.ts';
import { parseEvent } from '../../../src/claude/hooks/event.ts';
import { preToolUse } from '../../../src/claude/hooks/pre-tool-use.ts';
import { DECIDED, FILES, ROWS } from './guard-table.ts';

const PARSER = { parse, forEachChild };
const PROCFILE = FILES['Procfile.dev'] ?? '';
const inApp = (path: string): string | undefined => (path.startsWith('/app/') ? FILES[path.slice('/app/'.length)] : undefined);

async function answer(command: string, readText = inApp): Promise<string> {
  const event = { cwd: '/app', command };
  const text = await preToolUse(event, readText, () => Promise.resolve(PARSER));
  if (text === '') return '';
  const { hookSpecificOutput } = JSON.parse(text) as { hookSpecificOutput: Record<string, string> };
  expect(hookSpecificOutput).toMatchObject({ hookEventName: 'PreToolUse', permissionDecision: 'deny' });
  return hookSpecificOutput['permissionDecisionReason'] ?? '';
}

describe('the reason names the right command', () => {
  test.each([
    ['bin/rails s -p 3000', /devctl start web /],
    ['vite', /Run: devctl start /],
    ['bundle exec sidekiq -C config/sidekiq.yml', /devctl start worker .* devctl logs worker/],
    ['npm run dev', /"npm run dev" would start .* devctl start/],
    ['pkill node', /"pkill node" ends processes by name.* devctl stop/],
    ['kill $(lsof -ti :3000)', /looked up.* devctl ps/],
    ['npx kill-port 3000', /kill-port.* devctl stop/],
    ['tmux kill-server', /every tmux session.* devctl stop/],
  ])('%s', async (command, reason) => {
    expect(await answer(command)).toMatch(reason);
  });

  test('of a program that is named only in part', async () => {
    expect(await answer('CMD=vite; $CMD --port $P')).not.toContain('\0');
  });
});

describe('a program of the Procfile’s is denied for what it does there, and for nothing else', () => {
  const PROJECT: Record<string, string> = {
    'Procfile.dev':
      'web: python manage.py runserver $PORT\nphp: php artisan serve --port=$PORT\nace: node ace serve --watch\napi: node server.js --port 4000\nbook: storybook dev -p 6006\ninfra: docker compose up db\ntool: cargo run --bin api\ngo: go run ./cmd/api\njest: npx jest --watch\n',
  };
  const read = (path: string) => PROJECT[path.replace('/app/', '')];

  test.each([
    'python manage.py migrate',
    'python manage.py test app',
    'uv run python manage.py makemigrations',
    'python manage.py runserver --help',
    'php artisan migrate',
    'php artisan test',
    'node ace migration:run',
    'node server.js --help',
    'gunicorn --check-config app',
    'flask db run',
    'storybook build',
    'cd /tmp/scratch && npm init -y && npx vite',
    'docker compose ps',
    'docker compose logs db',
    'docker compose exec db psql',
    'cargo run --bin tool',
    'go test ./...',
    'npx jest',
  ])('%s may be run', async (command) => {
    expect(await answer(command, read)).toBe('');
  });

  test.each([
    'python manage.py runserver 8001',
    'python3.12 manage.py runserver',
    'php artisan serve',
    'node ace serve',
    'node server.js',
    'storybook dev -p 6007',
    'corepack pnpm dlx vite',
    'flask --app app run',
    'docker compose up db',
    'cargo run --bin api',
    'go run ./cmd/api',
    'npx jest --watch',
  ])('%s may not', async (command) => {
    expect(await answer(command, read)).toContain('devctl start');
  });

  test('also where devctl.yaml names the Procfile', async () => {
    const files: Record<string, string> = { '/app/devctl.yaml': 'procfile: Procs\n', '/app/Procs': 'worker: node worker.js\n' };
    expect(await answer('node worker.js', (path) => files[path])).toContain('devctl start worker');
  });
});

describe('nothing is said', () => {
  test('where no project is set up for devctl, though there is a Procfile', async () => {
    expect(await answer('vite', (path) => (path === '/app/Procfile' ? 'web: puma' : undefined))).toBe('');
  });

  test('in a folder of another project, which devctl does not run', async () => {
    expect(await answer('cd /other && vite')).toBe('');
    expect(await answer('cd /app/frontend && vite')).not.toBe('');
    const set = (path: string) => (path === '/other/Procfile.dev' ? 'web: x\n' : inApp(path));
    expect(await answer('cd /other && vite', set)).not.toBe('');
  });

  test('of an event that cannot be read', () => {
    for (const text of ['', '{', 'null', '[]', '{"tool_input":null}', '{"tool_input":{"command":7},"cwd":1}'])
      expect(parseEvent(text, '/x')).toEqual({ cwd: '/x', command: undefined });
  });
});

describe('the quick look', () => {
  test('lets nothing pass that would be denied', () => {
    const missed = [...ROWS, ...DECIDED].filter(({ command, verdict }) => verdict === 'deny' && !mayConcern(command, PROCFILE));
    expect(missed.map(({ command }) => command)).toEqual([]);
  });

  test.each(['ls -la', 'git status', 'cat README.md', 'rg foo src', 'npx tsc --noEmit', 'curl localhost:3000'])(
    '%s needs no parser',
    (command) => {
      expect(mayConcern(command, PROCFILE)).toBe(false);
    },
  );
});

test.each([
  ['loops in loops', `${'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do '.repeat(6)}ls $i${'; done'.repeat(6)}`],
  ['functions that call each other', 'a() { b; b; b; b; }; b() { a; a; a; a; }; a'],
  ['scripts that call each other', 'npm run ping'],
])('%s: soon over', (_name, command) => {
  const began = performance.now();
  judgeCommand(PARSER, command, { root: '/app', cwd: '/app', procfile: PROCFILE, readText: inApp });
  expect(performance.now() - began).toBeLessThan(2000);
});

test('whatever the text, the guard comes to an end', () => {
  const pieces = fc.constantFrom(
    'vite',
    'kill',
    '$(',
    ')',
    '`',
    '"',
    "'",
    '<<EOF\n',
    '\nEOF\n',
    ';',
    '&&',
    '|',
    'f(){',
    '}',
    'f',
    '$x',
    'x=',
    ' ',
    'for i in',
    'do',
    'done',
    'eval',
    'bash -c',
    '\\',
    '${',
    '[[',
    '((',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
      judgeCommand(PARSER, parts.join(' '), { root: '/app', cwd: '/app', procfile: PROCFILE, readText: inApp });
    }),
    { numRuns: 500 },
  );
});
