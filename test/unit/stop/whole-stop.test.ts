import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Owned } from '../../../src/ownership/owned.ts';
import type { Step } from '../../../src/stop/ladder.ts';
import { namedBy, walk, type Temper } from '../fakes/stop-world.ts';

describe('a stop of a whole world', () => {
  const temper: fc.Arbitrary<Temper> = fc.record(
    {
      service: fc.constantFrom('web', 'worker'),
      role: fc.constant<'service'>('service'),
      heeds: fc.integer({ min: 0, max: 80 }),
      forks: fc.integer({ min: 0, max: 20 }),
    },
    { requiredKeys: ['service', 'role'] },
  );
  const keepers: fc.Arbitrary<Temper> = fc.record(
    { service: fc.constantFrom('web', 'worker'), role: fc.constant<'keeper'>('keeper'), heeds: fc.integer({ min: 0, max: 60 }) },
    { requiredKeys: ['service', 'role'] },
  );
  const worlds = fc.tuple(fc.array(temper, { maxLength: 5 }), fc.array(keepers, { maxLength: 2 })).map((both) => both.flat());
  const grace = fc.constantFrom(0, 100, 1000);

  test('ends with nobody left where KILL reaches everybody', () => {
    fc.assert(
      fc.property(worlds, grace, (tempers, graceMs) => {
        const { steps, views } = walk(tempers, graceMs);
        expect(steps.at(-1)).toEqual({ kind: 'empty' });
        expect(views.at(-1)).toEqual([]);
      }),
    );
  });

  test('asks before it freezes, unless born after the grace, and freezes before it kills', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom(100, 1000), (tempers, graceMs) => {
        const { steps, views } = walk(tempers, graceMs);
        const first = (kind: Step['kind'], owned: Owned) => {
          const at = steps.findIndex((step) => step.kind === kind && namedBy(step).includes(owned));
          return at < 0 ? Infinity : at;
        };
        const beginning = new Set(views[0]);
        for (const owned of new Set(views.flat())) {
          if (owned.role !== 'service') continue;
          if (beginning.has(owned)) expect(first('ask', owned)).toBeLessThan(first('freeze', owned));
          if (first('kill', owned) < Infinity) expect(first('freeze', owned)).toBeLessThan(first('kill', owned));
          expect(steps.filter((step) => step.kind === 'ask' && namedBy(step).includes(owned)).length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('leaves keepers alone while any service lives', () => {
    fc.assert(
      fc.property(worlds, grace, (tempers, graceMs) => {
        const { steps, views } = walk(tempers, graceMs);
        steps.forEach((step, i) => {
          if (step.kind === 'end-keepers') expect(views[i]?.every((owned) => owned.role === 'keeper')).toBe(true);
        });
      }),
    );
  });

  test('needs no KILL where everybody heeds in time', () => {
    const polite = fc.record({
      service: fc.constant('web'),
      role: fc.constant<'service'>('service'),
      heeds: fc.integer({ min: 0, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(polite, { maxLength: 6 }), (tempers) => {
        const { steps } = walk(tempers, 1000);
        expect(steps.some((step) => step.kind === 'freeze' || step.kind === 'kill')).toBe(false);
      }),
    );
  });

  test('names those that KILL does not reach, and ends', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom('keeper', 'service'), (tempers, role) => {
        const { steps } = walk([...tempers, { service: 'web', role: role, isStuck: true }], 100);
        const last = steps.at(-1);
        expect(last?.kind).toBe('stuck');
        if (last?.kind === 'stuck' && role === 'service') expect(last.left.some((owned) => owned.role === 'service')).toBe(true);
      }),
    );
  });
});
