import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderByDependency, resolveServices, selectServices } from '../../../src/project/resolve.ts';
import type { Service } from '../../../src/project/service.ts';
import { failureOf, valueOf } from '../fakes/expect-ok.ts';
import { entries, makeService, resolved } from '../fakes/services.ts';

const names = (services: Service[]) => services.map((service) => service.name);
const ports = (services: Service[]) => services.map((service) => [service.name, service.port]);
const three = { web: 'a', worker: 'b', css: 'c' };

describe('ports', () => {
  test('step 100 from service to service', () => {
    expect(ports(resolved(three))).toEqual([
      ['web', 3000],
      ['worker', 3100],
      ['css', 3200],
    ]);
  });

  test('the base and the step can be set', () => {
    expect(ports(resolved(three, { portBase: 5000, settings: { portStep: 10 } }))).toEqual([
      ['web', 5000],
      ['worker', 5010],
      ['css', 5020],
    ]);
  });

  test('+1 from instance to instance', () => {
    expect(ports(resolved(three, { formation: { web: 2, worker: 3 } }))).toEqual([
      ['web.1', 3000],
      ['web.2', 3001],
      ['worker.1', 3100],
      ['worker.2', 3101],
      ['worker.3', 3102],
      ['css', 3200],
    ]);
  });

  test('a declared port is given and expected, +1 for each instance', () => {
    const services = resolved({ web: 'a' }, { settings: { services: { web: { port: 8000, instances: 2 } } } });
    expect(services.map(({ port, expects }) => [port, expects])).toEqual([
      [8000, { kind: 'declared', port: 8000 }],
      [8001, { kind: 'declared', port: 8001 }],
    ]);
  });

  test('ready.port is expected, and not given', () => {
    const [web] = resolved({ web: 'a -p 1234' }, { settings: { services: { web: { ready: { port: 8000 } } } } });
    expect(web).toMatchObject({ port: 3000, expects: { kind: 'declared', port: 8000 } });
  });

  test('a service that uses $PORT is expected on its own', () => {
    const services = resolved({ web: 'serve $PORT', api: 'serve $PORT' }, { formation: { api: 2 } });
    expect(services.map((service) => service.expects)).toMatchObject([{ port: 3000 }, { port: 3100 }, { port: 3101 }]);
  });

  test('a one-shot is expected nowhere', () => {
    const [release, build, declared] = resolved(
      { release: 'rails db:migrate -p 1234', build: 'vite', seed: 'rails s' },
      { settings: { services: { seed: { oneShot: true } } } },
    );
    for (const service of [release, build, declared])
      expect(service).toMatchObject({ oneShot: true, expects: { kind: 'nowhere' } });
  });

  test('a service named release can be declared to stay', () => {
    expect(resolved({ release: 'rails s' }, { settings: { services: { release: { oneShot: false } } } })[0]?.oneShot).toBe(false);
  });
});

describe('formation', () => {
  test.each<[string, Record<string, number>, string[]]>([
    ['one: the plain name', { web: 1 }, ['web', 'worker', 'css']],
    ['none: left out', { web: 0 }, ['worker', 'css']],
    ['all, but for what is named', { all: 0, css: 2 }, ['css.1', 'css.2']],
    ['all', { all: 1 }, ['web', 'worker', 'css']],
  ])('%s', (_, formation, expected) => {
    expect(names(resolved(three, { formation }))).toEqual(expected);
  });

  test('it wins over the settings', () => {
    const settings = { all: { instances: 3 }, services: { web: { instances: 2 } } };
    expect(names(resolved({ web: 'a', css: 'b' }, { settings }))).toEqual(['web.1', 'web.2', 'css.1', 'css.2', 'css.3']);
    expect(names(resolved({ web: 'a', css: 'b' }, { settings, formation: { all: 1 } }))).toEqual(['web', 'css']);
  });

  test('an unknown name is a failure with a suggestion', () => {
    const input = { root: '/app', id: 'x', entries: entries(three), settings: {}, portBase: 3000 };
    expect(failureOf(resolveServices({ ...input, formation: { wroker: 2 } }))).toEqual({
      code: 'UNKNOWN_SERVICE',
      name: 'wroker',
      known: ['web', 'worker', 'css'],
      suggestion: 'worker',
    });
  });
});

describe('definitions', () => {
  test('settings of the service win over those of all', () => {
    const settings = { all: { grace: 1, shell: 'bash' }, services: { web: { grace: 2 } } };
    expect(resolved({ web: 'a' }, { settings })[0]).toMatchObject({ graceMs: 2, shell: 'bash' });
  });

  test('cwd is absolute', () => {
    const settings = { services: { web: { cwd: 'api' }, worker: { cwd: '/srv' } } };
    expect(resolved(three, { settings }).map((service) => service.cwd)).toEqual(['/app/api', '/srv', '/app']);
  });

  test('marks differ from service to service and from instance to instance', () => {
    const marks = resolved(three, { formation: { web: 3 } }).map((service) => service.mark);
    expect(new Set(marks).size).toBe(5);
  });

  test('the fingerprint changes with the command, the settings and the port, and with nothing else', () => {
    const print = (command: string, over = {}) => resolved({ web: command }, over)[0]?.fingerprint;
    expect(print('a')).toBe(print('a', { id: 'another' }));
    expect(print('a')).not.toBe(print('b'));
    expect(print('a')).not.toBe(print('a', { portBase: 4000 }));
    expect(print('a')).not.toBe(print('a', { settings: { services: { web: { env: { A: '1' } } } } }));
  });

  test.each(['constructor', 'toString', '__proto__', 'valueOf', 'hasOwnProperty'])(
    'a service named %s is one as any other',
    (name) => {
      const [service] = resolveList([{ name, command: 'a', line: 1 }]);
      expect(service).toMatchObject({ name, command: 'a', port: 3000 });
    },
  );

  function resolveList(list: ReturnType<typeof entries>): Service[] {
    return valueOf(resolveServices({ root: '/app', id: 'x', entries: list, settings: {}, formation: {}, portBase: 3000 }));
  }
});

describe('selection', () => {
  const services = [
    makeService({ name: 'db', autostart: false }),
    makeService({ name: 'api', dependsOn: { db: 'ready' } }),
    makeService({ name: 'web.1', dependsOn: { api: 'started' } }),
    makeService({ name: 'web.2', dependsOn: { api: 'started' } }),
    makeService({ name: 'css' }),
    makeService({ name: 'mail', autostart: false }),
  ];
  test.each<[string, string[], string[], string[]]>([
    ['nothing named: all that start by themselves, and what they need', [], [], ['db', 'api', 'web.1', 'web.2', 'css']],
    ['a name, with what it needs and what that needs', ['web'], [], ['db', 'api', 'web.1', 'web.2']],
    ['an instance', ['web.2'], [], ['db', 'api', 'web.2']],
    ['one that does not start by itself', ['mail'], [], ['mail']],
    ['names in any order and twice', ['css', 'mail', 'css'], [], ['css', 'mail']],
    ['all but', [], ['web'], ['db', 'api', 'css']],
    ['all but one instance', [], ['web.1'], ['db', 'api', 'web.2', 'css']],
    ['-x wins over a name', ['css', 'mail'], ['css'], ['mail']],
    ['-x wins over a need', ['api'], ['db'], ['api']],
    ['-x of everything', [], ['db', 'api', 'web', 'css', 'mail'], []],
  ])('%s', (_, wanted, except, expected) => {
    expect(names(valueOf(selectServices(services, { names: wanted, except })))).toEqual(expected);
  });

  test.each([
    [{ names: ['wbe.1'], except: [] }, 'wbe.1', 'web.1'],
    [{ names: [], except: ['ccs'] }, 'ccs', 'css'],
    [{ names: ['postgres'], except: [] }, 'postgres', undefined],
  ])('an unknown name is a failure: %j', (selection, name, suggestion) => {
    expect(failureOf(selectServices(services, selection))).toMatchObject({
      code: 'UNKNOWN_SERVICE',
      name,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  });
});

describe('order', () => {
  const depend = (map: Record<string, string[]>) =>
    Object.entries(map).map(([name, on]) =>
      makeService({ name, dependsOn: Object.fromEntries(on.map((other) => [other, 'ready'])) }),
    );

  test('what is depended on comes first; the rest keeps its order', () => {
    expect(names(valueOf(orderByDependency(depend({ web: ['api'], css: [], api: ['db'], db: [] }))))).toEqual([
      'db',
      'api',
      'web',
      'css',
    ]);
  });

  test('a dependency on an entry is one on all its instances', () => {
    expect(names(valueOf(orderByDependency(depend({ web: ['api'], 'api.1': [], 'api.2': [] }))))).toEqual([
      'api.1',
      'api.2',
      'web',
    ]);
  });

  test.each<[Record<string, string[]>, string[]]>([
    [{ web: ['web'] }, ['web', 'web']],
    [{ web: ['api'], api: ['web'] }, ['web', 'api', 'web']],
    [{ a: ['b'], b: ['c'], c: ['d'], d: ['b'] }, ['b', 'c', 'd', 'b']],
  ])('a circle is told by its names: %j', (map, circle) => {
    expect(failureOf(orderByDependency(depend(map)))).toEqual(circle);
  });

  test('any dependencies: an order that holds for each, or a circle of real dependencies', () => {
    const graph = fc
      .integer({ min: 1, max: 7 })
      .chain((size) =>
        fc.array(fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }), { maxLength: 3 }), { minLength: size, maxLength: size }),
      );
    fc.assert(
      fc.property(graph, (edges) => {
        const map = Object.fromEntries(edges.map((on, i) => [`s${String(i)}`, on.map((j) => `s${String(j)}`)]));
        const result = orderByDependency(depend(map));
        if (result.ok) {
          const order = names(result.value);
          expect([...order].sort()).toEqual(Object.keys(map).sort());
          for (const [name, on] of Object.entries(map))
            for (const other of on) expect(order.indexOf(other)).toBeLessThan(order.indexOf(name));
        } else {
          expect(result.failure.at(0)).toBe(result.failure.at(-1));
          result.failure.slice(1).forEach((name, i) => {
            expect(map[result.failure[i] ?? '']).toContain(name);
          });
        }
      }),
    );
  });
});
