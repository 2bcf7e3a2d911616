import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprint, isMarkOf, projectId, projectMark, serviceMark } from '../../../src/project/identity.ts';

const path = fc.string({ maxLength: 30 }).map((text) => `/${text}`);
const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}(\.\d)?$/);
const bits = (mark: string) => BigInt(mark).toString(2).length;

test('a mark is 62 bits, of the project or of a service', () => {
  fc.assert(
    fc.property(path, name, (root, service) => {
      expect(bits(serviceMark(projectId(root), service))).toBe(62);
      expect(bits(projectMark(projectId(root)))).toBe(62);
    }),
  );
});

test('a mark is its project’s, and no other’s', () => {
  fc.assert(
    fc.property(path, path, name, (root, other, service) => {
      const id = projectId(root);
      expect(isMarkOf(id, serviceMark(id, service))).toBe(true);
      expect(isMarkOf(id, projectMark(id))).toBe(true);
      expect(isMarkOf(projectId(other), serviceMark(id, service))).toBe(root === other);
      expect(isMarkOf(projectId(other), projectMark(id))).toBe(root === other);
    }),
  );
});

test('a service’s mark is never the project’s', () => {
  fc.assert(
    fc.property(path, name, (root, service) => {
      expect(serviceMark(projectId(root), service)).not.toBe(projectMark(projectId(root)));
    }),
  );
});

test('a hundred services of a project have a hundred marks', () => {
  const marks = Array.from({ length: 100 }, (_, i) => serviceMark('abcabcabcabc', `service-${String(i)}`));
  expect(new Set(marks).size).toBe(100);
});

test.each(['18446744073709551615', '9223372036854775807', '0', '1', '4611686018427387904'])('%s is nobody’s mark', (mark) => {
  expect(isMarkOf(projectId('/app'), mark)).toBe(false);
});

test('a project’s id is 12 hexadecimal digits that its path decides', () => {
  expect(projectId('/app')).toMatch(/^[0-9a-f]{12}$/);
  expect(projectId('/app')).toBe(projectId('/app'));
  expect(projectId('/app')).not.toBe(projectId('/app2'));
});

test('equal definitions have equal fingerprints', () => {
  expect(fingerprint({ a: 1, b: [2] })).toBe(fingerprint({ a: 1, b: [2] }));
  expect(fingerprint({ a: 1 })).not.toBe(fingerprint({ a: 2 }));
});
