import type { Task } from './task.ts';

type Node = Pick<Task, 'id' | 'dependsOn'>;

/** The tasks of one circle, each depending on the next; nothing where there is none. Pure. */
export function findCycle(tasks: Node[]): string[] | undefined {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const finished = new Set<string>();
  for (const { id: root } of tasks) {
    // A path with, for each task on it, how many of its dependencies were followed: a chain of thousands is no recursion.
    const path: { id: string; followed: number }[] = finished.has(root) ? [] : [{ id: root, followed: 0 }];
    const onPath = new Set(path.map(({ id }) => id));
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = byId.get(top.id)?.dependsOn[top.followed];
      if (next === undefined) {
        finished.add(top.id);
        onPath.delete(top.id);
        path.pop();
        continue;
      }
      top.followed += 1;
      if (onPath.has(next)) return path.slice(path.findIndex(({ id }) => id === next)).map(({ id }) => id);
      if (finished.has(next)) continue;
      path.push({ id: next, followed: 0 });
      onPath.add(next);
    }
  }
  return undefined;
}

/** All that a task depends on, directly or not. Pure. */
export function reachedFrom(id: string, tasks: Node[]): Set<string> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return reach(id, (one) => byId.get(one)?.dependsOn ?? []);
}

/** Who depends on each task directly. */
export function dependentsOf(tasks: Node[]): Map<string, string[]> {
  const dependents = new Map<string, string[]>(tasks.map(({ id }) => [id, []]));
  for (const { id, dependsOn } of tasks) for (const name of dependsOn) dependents.get(name)?.push(id);
  return dependents;
}

/** All that is reached from one, without itself. */
export function reach(from: string, next: (id: string) => string[]): Set<string> {
  const found = new Set<string>();
  const pending = [...next(from)];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    pending.push(...next(id));
  }
  return found;
}

/** In which order the tasks would begin, one at a time: dependencies first, then priority, then their place in the file. Pure. */
export function orderOf(tasks: Pick<Task, 'id' | 'dependsOn' | 'priority'>[]): string[] {
  const waitsFor = new Map(tasks.map(({ id, dependsOn }) => [id, dependsOn.length]));
  const dependents = dependentsOf(tasks);
  const place = new Map(tasks.map((task, index) => [task.id, { task, index }]));
  const byTurn = (one: string, other: string) => {
    const [a, b] = [place.get(one), place.get(other)];
    return (a?.task.priority ?? 0) - (b?.task.priority ?? 0) || (a?.index ?? 0) - (b?.index ?? 0);
  };
  const ready = tasks.filter(({ dependsOn }) => dependsOn.length === 0).map(({ id }) => id);
  const order: string[] = [];
  while (ready.length > 0) {
    ready.sort(byTurn);
    const id = ready.shift() ?? '';
    order.push(id);
    for (const dependent of dependents.get(id) ?? []) {
      const left = (waitsFor.get(dependent) ?? 0) - 1;
      waitsFor.set(dependent, left);
      if (left === 0) ready.push(dependent);
    }
  }
  return order;
}
