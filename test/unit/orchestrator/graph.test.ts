import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dependentsOf, findCycle, orderOf, reachedFrom } from '../../../src/orchestrator/tasks/graph.ts';
import { fillIn, referencesIn } from '../../../src/orchestrator/tasks/template.ts';
import { makeTask, makeTasks, someTasks } from '../fakes/tasks.ts';

const graph = (edges: Record<string, string[]>) => Object.entries(edges).map(([id, dependsOn]) => makeTask({ id, dependsOn }));

describe('a circle of dependencies', () => {
  test.each<[string, Record<string, string[]>, string[] | undefined]>([
    ['nobody', {}, undefined],
    ['a chain', { a: [], b: ['a'], c: ['b'] }, undefined],
    ['a diamond', { a: [], b: ['a'], c: ['a'], d: ['b', 'c'] }, undefined],
    ['itself', { a: ['a'] }, ['a']],
    ['two', { a: ['b'], b: ['a'] }, ['a', 'b']],
    ['one behind a chain, without the chain', { z: ['y'], y: ['a'], a: ['b'], b: ['c'], c: ['a'] }, ['a', 'b', 'c']],
    ['one beside tasks that are in order', { o: [], p: ['o'], a: ['o', 'b'], b: ['p', 'a'] }, ['a', 'b']],
    ['a task that is none', { a: ['nobody'] }, undefined],
  ])('%s', (_, edges, expected) => {
    expect(findCycle(graph(edges))).toEqual(expected);
  });

  test('a chain of ten thousands is looked through in either order', () => {
    const chain = Array.from({ length: 20_000 }, (_, n) =>
      makeTask({ id: String(n), dependsOn: n === 0 ? [] : [String(n - 1)] }),
    );
    expect(findCycle(chain)).toBeUndefined();
    expect(findCycle([...chain].reverse())).toBeUndefined();
    expect(reachedFrom('19999', chain).size).toBe(19_999);
    expect(findCycle([...chain, makeTask({ id: 'x', dependsOn: ['x'] })])).toEqual(['x']);
  });

  test('whatever the graph: what is named is a circle, and where none is named everybody gets a turn', () => {
    const edges = fc.array(fc.array(fc.nat({ max: 5 }), { maxLength: 3 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(edges, (all) => {
        const tasks = all.map((to, id) => makeTask({ id: String(id), dependsOn: [...new Set(to.map(String))] }));
        const cycle = findCycle(tasks);
        if (!cycle) {
          expect(orderOf(tasks)).toHaveLength(tasks.length);
          return;
        }
        expect(new Set(cycle).size).toBe(cycle.length);
        cycle.forEach((id, at) => {
          expect(tasks[Number(id)]?.dependsOn).toContain(cycle[(at + 1) % cycle.length]);
        });
      }),
    );
  });
});

describe('who waits for whom', () => {
  const tasks = graph({ a: [], b: ['a'], c: ['b', 'a'], d: [] });

  test('all that a task depends on, directly or not', () => {
    expect([...reachedFrom('c', tasks)].sort()).toEqual(['a', 'b']);
    expect([...reachedFrom('d', tasks)]).toEqual([]);
  });

  test('who depends on each directly', () => {
    expect(Object.fromEntries(dependentsOf(tasks))).toEqual({ a: ['b', 'c'], b: ['c'], c: [], d: [] });
  });
});

describe('in which order tasks would begin', () => {
  test('priority first, then their place in the file', () => {
    const tasks = makeTasks({ id: 'late', priority: 200 }, { id: 'b' }, { id: 'a' }, { id: 'first', priority: 1 });
    expect(orderOf(tasks)).toEqual(['first', 'b', 'a', 'late']);
  });

  test('a task that must wait goes first when its turn has come', () => {
    const tasks = makeTasks({ id: 'a' }, { id: 'urgent', priority: 0, dependsOn: ['a'] }, { id: 'b' });
    expect(orderOf(tasks)).toEqual(['a', 'urgent', 'b']);
  });

  test('whatever the tasks: everybody once, after all that it depends on, and never before one that goes first', () => {
    fc.assert(
      fc.property(someTasks, (tasks) => {
        const order = orderOf(tasks);
        expect([...order].sort()).toEqual(tasks.map(({ id }) => id).sort());
        order.forEach((id, at) => {
          const done = new Set(order.slice(0, at));
          const ready = tasks.filter((task) => !done.has(task.id) && task.dependsOn.every((one) => done.has(one)));
          const best = Math.min(...ready.map(({ priority }) => priority));
          expect(id).toBe(ready.find(({ priority }) => priority === best)?.id);
        });
      }),
    );
  });
});

describe('results in a prompt', () => {
  test.each<[string, string[]]>([
    ['nothing', []],
    ['{{tasks.a.result}}', ['a']],
    ['x {{ tasks.a.result }} y {{tasks.b-1.result}}', ['a', 'b-1']],
    ['{{tasks.a.result}}{{tasks.a.result}}', ['a', 'a']],
    ['{{tasks.v1.2.result}}', ['v1.2']],
    ['{{tasks.a.result.result}}', ['a.result']],
    ['{{tasks.a}} {{a.result}} {tasks.a.result} {{tasks..result}} {{tasks.a b.result}}', []],
  ])('%s', (prompt, expected) => {
    expect(referencesIn(prompt)).toEqual(expected);
  });

  test('are put in, each in its place', () => {
    expect(fillIn('1 {{tasks.a.result}} 2 {{ tasks.b.result }} 3', (id) => `<${id}>`)).toBe('1 <a> 2 <b> 3');
  });

  test.each(['$&', '$1', '$$', "$'", '{{tasks.b.result}}', 'a\n"b"'])('%j in a result is text and no template', (text) => {
    expect(fillIn('[{{tasks.a.result}}]', () => text)).toBe(`[${text}]`);
  });
});
