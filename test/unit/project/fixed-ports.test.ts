import { expect, test } from 'vitest';
import { findFixedPorts } from '../../../src/project/fixed-ports.ts';

test.each([
  ['vite --port 5173', 'vite --port $PORT'],
  ['rails server -p 3000', 'rails server -p $PORT'],
  ['docker run -p 5433:5432 postgres', 'docker run -p $PORT:5432 postgres'],
  ['python -m http.server 8123', 'python -m http.server $PORT'],
  ['gunicorn -b 127.0.0.1:8000 app', 'gunicorn -b 127.0.0.1:$PORT app'],
])('%s names a port, and is told what to write', (command, instead) => {
  expect(findFixedPorts([{ name: 'web', command, line: 4 }], 'Procfile.dev')).toMatchObject([
    { place: { file: 'Procfile.dev', line: 4 }, instead: `web: ${instead}` },
  ]);
});

test.each(['vite', 'rails server -p $PORT', 'sidekiq'])('%s follows, or listens nowhere', (command) => {
  expect(findFixedPorts([{ name: 'web', command, line: 1 }], 'Procfile.dev')).toEqual([]);
});
