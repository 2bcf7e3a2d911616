import { describe, expect, test } from 'vitest';
import { journalLine } from '../../../src/orchestrator/journal/line.ts';
import { fail } from '../../../src/result.ts';
import { failureOf, valueOf } from '../fakes/expect-ok.ts';
import { makeTasks } from '../fakes/tasks.ts';
import { folder, INTERRUPTED, JOURNAL, TASKS } from '../fakes/run-folder.ts';

describe('a run', () => {
  test('leaves its results, its journal and its statistics, and no lock', async () => {
    const { files, run, kinds } = folder();
    const { end, stats } = valueOf(await run(TASKS, 'begin'));
    expect(end).toEqual({ kind: 'finished' });
    expect(files.readText('/o/a.txt')).toBe('result of a\n');
    expect(files.readText('/o/.gitignore')).toBe('*\n');
    expect(kinds()).toEqual(['run', 'attempt a', 'done a', 'attempt b', 'done b']);
    expect(JSON.parse(files.readText('/o/orchestration-stats.json') ?? '')).toEqual(JSON.parse(JSON.stringify(stats)));
    expect(stats.tasks).toMatchObject({ total: 2, completed: 2 });
    expect(files.readSymlink('/o/.devctl/lock')).toBeUndefined();
  });

  test('that was finished makes room for another, and is kept', async () => {
    const { files, run, begun, kinds } = folder();
    await run(TASKS, 'begin', { b: 'invalid' });
    files.writeAtomic('/o/previous/.devctl/journal.jsonl', 'of a run before that');
    files.writeAtomic('/o/previous/old.txt', 'of a run before that');
    files.writeAtomic('/o/notes.md', 'a person’s');
    files.writeAtomic('/o/worktrees/b/file', 'unfinished work');
    await run(TASKS, 'begin');
    expect(files.readText('/o/previous/old.txt')).toBeUndefined();
    expect(files.readText('/o/notes.md')).toBe('a person’s');
    expect(files.readText('/o/worktrees/b/file')).toBe('unfinished work');
    expect(begun).toEqual(['a', 'b', 'a', 'b']);
    expect(kinds('/o/previous/.devctl/journal.jsonl').at(-1)).toBe('failed b');
    expect(files.readText('/o/previous/b.error.txt')).toContain('no');
    expect(files.readText('/o/b.error.txt')).toBeUndefined();
  });

  test('that is not finished is in the way of another', async () => {
    const { run, begun } = folder();
    expect(valueOf(await run(TASKS, 'begin', {}, INTERRUPTED)).end).toEqual({ kind: 'interrupted' });
    expect(failureOf(await run(TASKS, 'begin'))).toEqual({
      code: 'UNFINISHED_RUN',
      file: 't.json',
      folder: '/o',
      done: 0,
      total: 2,
    });
    expect(begun).toEqual([]);
  });

  test('that is not finished is set aside when somebody wants that', async () => {
    const { run, begun, kinds, abandoned } = folder();
    await run(TASKS, 'begin', {}, INTERRUPTED);
    expect(valueOf(await run(TASKS, 'restart')).end).toEqual({ kind: 'finished' });
    expect(begun).toEqual(['a', 'b']);
    expect(kinds('/o/previous/.devctl/journal.jsonl')).toEqual(['run']);
    // Nothing had begun.
    expect(abandoned).toEqual([]);
  });

  test('that is set aside leaves nothing running; of a finished one nothing runs', async () => {
    const { run, files, abandoned } = folder();
    const { stats } = valueOf(await run(TASKS, 'begin', {}, INTERRUPTED));
    files.append(JOURNAL, journalLine({ kind: 'attempt', task: 'a', token: 'tok', session: 's', resumes: false, atMs: 1 }));
    await run(TASKS, 'restart');
    expect(abandoned).toEqual([{ run: stats.run, tokens: ['tok'] }]);
    await run(TASKS, 'restart');
    await run(TASKS, 'begin');
    expect(abandoned).toHaveLength(1);
  });
});

describe('going on with a run', () => {
  test('begins what is not done, in the same run', async () => {
    const { run, begun, clock } = folder();
    const first = valueOf(await run(TASKS, 'begin', { b: 'auth' }));
    clock.shift(60_000);
    expect(first.end).toMatchObject({ kind: 'halted' });
    const second = valueOf(await run(TASKS, 'resume'));
    expect(second.end).toEqual({ kind: 'finished' });
    expect(begun).toEqual(['a', 'b', 'b']);
    expect(second.stats).toMatchObject({ run: first.stats.run, startedAt: first.stats.startedAt, tasks: { completed: 2 } });
  });

  test('that is finished changes nothing', async () => {
    const { run, begun } = folder();
    await run(TASKS, 'begin', { a: 'invalid' });
    const { stats } = valueOf(await run(TASKS, 'resume'));
    expect(stats.tasks).toMatchObject({ failed: 1, skipped: 1 });
    expect(begun).toEqual(['a']);
  });

  test('once more with what failed, was skipped or cancelled, and with nothing else', async () => {
    const tasks = makeTasks({ id: 'c', dependsOn: ['b'] }, ...TASKS);
    const { run, begun, kinds } = folder();
    await run(tasks, 'begin', { b: 'invalid' });
    const { stats } = valueOf(await run(tasks, 'retry-failed'));
    expect(stats.tasks).toMatchObject({ completed: 3, failed: 0, skipped: 0 });
    expect(begun).toEqual(['a', 'b', 'b', 'c']);
    expect(kinds().filter((kind) => kind.startsWith('reopened'))).toEqual(['reopened b', 'reopened c']);
  });

  test.each(['resume', 'retry-failed'] as const)('where there is none (%s) fails', async (intent) => {
    const { run } = folder();
    expect(failureOf(await run(TASKS, intent))).toMatchObject({ code: 'USAGE' });
  });
});

describe('a journal that somebody has changed', () => {
  async function changed() {
    const made = folder();
    await made.run(TASKS, 'begin');
    made.files.writeAtomic(JOURNAL, (made.files.readText(JOURNAL) ?? '').replace('"task":"a"', '"task":"x"'));
    return made;
  }

  test.each(['begin', 'resume', 'retry-failed'] as const)('is not gone on with (%s)', async (intent) => {
    const { run, begun } = await changed();
    expect(failureOf(await run(TASKS, intent))).toMatchObject({ code: 'JOURNAL_UNREADABLE', line: 2 });
    expect(begun).toHaveLength(2);
  });

  test('is set aside when somebody wants that', async () => {
    const { run, files } = await changed();
    expect(valueOf(await run(TASKS, 'restart')).end).toEqual({ kind: 'finished' });
    expect(files.readText('/o/previous/.devctl/journal.jsonl')).toContain('"x"');
  });
});

describe('the lock of a run', () => {
  test('of a hub that lives keeps others out, and says who it is', async () => {
    const { run, files, begun } = folder();
    files.makeSymlink('60.1.boot1', '/o/.devctl/lock');
    expect(failureOf(await run(TASKS, 'resume'))).toMatchObject({ code: 'BUSY', folder: '/o', holder: { pid: 60 } });
    expect(begun).toEqual([]);
  });

  test('of a dead one is taken over', async () => {
    const { run, files } = folder();
    files.makeSymlink('61.1.boot1', '/o/.devctl/lock');
    expect((await run(TASKS, 'begin')).ok).toBe(true);
  });
});

test('an executor that is not there leaves the last run where it is', async () => {
  const { run, kinds } = folder();
  await run(TASKS, 'begin');
  const before = kinds();
  const refused = { openExecutor: () => Promise.resolve(fail({ code: 'USAGE' as const, what: 'no Redis' })) };
  expect((await run(TASKS, 'begin', {}, refused)).ok).toBe(false);
  expect(kinds()).toEqual(before);
  expect((await run(TASKS, 'begin')).ok).toBe(true);
});

test('a retry that was killed while it was written down comes to its end', async () => {
  const { run, files } = folder();
  const tasks = makeTasks({ id: 'c', dependsOn: ['b'] }, ...TASKS);
  await run(tasks, 'begin', { b: 'invalid' });
  await run(tasks, 'retry-failed', {}, INTERRUPTED);
  const lines = (files.readText(JOURNAL) ?? '').split('\n');
  const at = lines.findIndex((line) => line.includes('reopened'));
  files.writeAtomic(JOURNAL, `${lines.slice(0, at + 1).join('\n')}\n`);
  expect((await run(tasks, 'resume')).ok).toBe(true);
});
