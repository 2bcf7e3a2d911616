import { dirname, relative, resolve } from 'node:path';
import type { TaskFile } from '../orchestrator/tasks/task.ts';
import { readUserFile } from '../project/user-file.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Context } from './context.ts';

/** Reads the task file that was named, and the prompts that it names. */
export async function loadTaskFile({ machine, cwd }: Context, name: string): Promise<Result<TaskFile>> {
  const path = resolve(cwd, name);
  const text = readUserFile(machine.files, path);
  if (!text.ok) return text;
  if (text.value === undefined) return fail({ code: 'UNREADABLE_FILE', path, reason: 'there is no such file' });
  const { parseTasks } = await import('../lazy/config.ts');
  const parsed = parseTasks(text.value, relative(cwd, path), (promptFile) => {
    const prompt = readUserFile(machine.files, resolve(dirname(path), promptFile));
    if (!prompt.ok) return fail(prompt.failure.code === 'UNREADABLE_FILE' ? prompt.failure.reason : 'it is not readable');
    return prompt.value === undefined ? fail('there is no such file') : ok(prompt.value);
  });
  return parsed.ok ? parsed : fail({ code: 'TASKS_INVALID', problems: parsed.failure });
}
