import { expect, test } from 'vitest';
import { projectPorts } from '../../../src/project/ports.ts';
import { makeService } from '../fakes/services.ts';

const declared = makeService({ name: 'api', expects: { kind: 'declared', port: 3001 } });
const inferred = makeService({ name: 'web', expects: { kind: 'inferred', port: 3000, from: '-p 3000' } });
const silent = makeService({ name: 'css' });
const lesson = (fingerprint: string) => ({ css: { fingerprint, seconds: 1, ports: [5175] } });

test('declared and inferred ports, the project’s own list, and where a service listened last time', () => {
  expect(projectPorts([declared, inferred, silent], [6379, 3001], lesson('of css'))).toEqual([
    { port: 3001, service: 'api', why: 'declared' },
    { port: 3000, service: 'web', why: 'expected' },
    { port: 5175, service: 'css', why: 'expected' },
    { port: 6379, why: 'declared' },
  ]);
});

test('what was learned of another definition is forgotten', () => {
  expect(projectPorts([silent], [], lesson('another'))).toEqual([]);
});

test('a port that one service declares and another only seems to want is declared', () => {
  const other = makeService({ name: 'old', expects: { kind: 'inferred', port: 3001, from: '-p' } });
  expect(projectPorts([other, declared], [], {})).toEqual([{ port: 3001, service: 'api', why: 'declared' }]);
  expect(projectPorts([declared, other], [], {})).toEqual([{ port: 3001, service: 'api', why: 'declared' }]);
});
