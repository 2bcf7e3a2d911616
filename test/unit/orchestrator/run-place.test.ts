import { expect, test } from 'vitest';
import { failureOf } from '../fakes/expect-ok.ts';
import { folder, TASKS } from '../fakes/run-folder.ts';
import { makeTasks } from '../fakes/tasks.ts';

test('a folder that is not ours, or in which the person is, is no place for outputs', async () => {
  const theirs = folder();
  theirs.files.writeAtomic('/o/notes.md', 'a person’s');
  expect(failureOf(await theirs.run(TASKS, 'begin')).code).toBe('USAGE');
  expect(theirs.files.readText('/o/notes.md')).toBe('a person’s');
  for (const outputFolder of ['/work', '/']) expect((await folder().run(TASKS, 'begin', {}, { outputFolder })).ok).toBe(false);
  expect((await folder().run(TASKS, 'begin', {}, { outputFolder: '/work/out' })).ok).toBe(true);
});

test('a finished run of another file is finished', async () => {
  const { run, kinds } = folder();
  await run(makeTasks({ id: 'x' }), 'begin');
  expect((await run(TASKS, 'begin')).ok).toBe(true);
  expect(kinds().at(-1)).toBe('done b');
});

test('a journal that cannot be written ends what runs, and is what the run fails with', async () => {
  const { run, files } = folder();
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  const openAppend = files.openAppend.bind(files);
  let written = 0;
  files.openAppend = (path) => {
    const file = openAppend(path);
    return {
      ...file,
      append: (text) => {
        written += 1;
        if (written > 2) throw full;
        file.append(text);
      },
    };
  };
  await expect(run(TASKS, 'begin')).rejects.toBe(full);
});
