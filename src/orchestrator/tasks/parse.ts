import type { Problem } from '../../failure.ts';
import { checkShape, readConfigFile, type ConfigFile } from '../../project/config-file.ts';
import { nearest } from '../../project/nearest.ts';
import { fail, ok, type Result } from '../../result.ts';
import { findCycle, reachedFrom } from './graph.ts';
import { knownTaskKeys, taskFileSchema, type TaskFileInput } from './schema.ts';
import { TASK_DEFAULTS, type Notify, type Task, type TaskFile } from './task.ts';
import { referencesIn } from './template.ts';

type TaskInput = TaskFileInput['tasks'][number];

/** Reads a task file. `readPrompt` gives the text of a `promptFile`, or says why it cannot be read. */
export function parseTasks(
  text: string,
  file: string,
  readPrompt: (path: string) => Result<string, string>,
): Result<TaskFile, Problem[]> {
  const read = readConfigFile(text, file);
  if (!read.ok) return read;
  const shaped = checkShape(read.value, { schema: taskFileSchema, knownKeys: knownTaskKeys });
  if (!shaped.ok) return shaped;
  const input = shaped.value;
  const problems: Problem[] = [];
  const tasks = input.tasks.map((task, index) => {
    const prompt = promptOf(task, readPrompt);
    if (!prompt.ok) problems.push(problemAt(read.value, [index, prompt.failure.key], prompt.failure.what));
    return toTask(task, prompt.ok ? prompt.value : '', input);
  });
  problems.push(...checkTogether(tasks, read.value));
  if (problems.length > 0) return fail(problems);
  return ok({
    tasks,
    concurrency: input.concurrency,
    outputDir: input.outputDir ?? TASK_DEFAULTS.outputDir,
    maxBudgetUsd: input.maxBudgetUsd,
    dangerouslySkipPermissions: input.dangerouslySkipPermissions ?? false,
    notify: notifyOf(input.notify),
  });
}

function notifyOf(input: TaskFileInput['notify']): Notify | undefined {
  if (input?.command !== undefined) return { kind: 'command', command: input.command };
  return input?.webhook === undefined ? undefined : { kind: 'webhook', url: input.webhook };
}

function promptOf(
  { id, prompt, promptFile }: TaskInput,
  readPrompt: (path: string) => Result<string, string>,
): Result<string, { key: string; what: string }> {
  if (prompt !== undefined && promptFile !== undefined)
    return fail({ key: 'promptFile', what: `Task "${id}" has a prompt and a promptFile: one of them is enough` });
  if (prompt !== undefined) return ok(prompt);
  if (promptFile === undefined) return fail({ key: 'id', what: `Task "${id}" has no prompt` });
  const read = readPrompt(promptFile);
  if (!read.ok) return fail({ key: 'promptFile', what: `"${promptFile}" cannot be read: ${read.failure}` });
  return read.value.trim() === '' ? fail({ key: 'promptFile', what: `"${promptFile}" is empty` }) : read;
}

function toTask(task: TaskInput, prompt: string, defaults: TaskFileInput): Task {
  return {
    id: task.id,
    prompt,
    priority: task.priority ?? TASK_DEFAULTS.priority,
    dependsOn: [...new Set(task.dependsOn ?? [])],
    maxRetries: task.maxRetries ?? defaults.defaultMaxRetries ?? TASK_DEFAULTS.maxRetries,
    timeoutMs: task.timeout ?? defaults.defaultTimeout ?? TASK_DEFAULTS.timeoutMs,
    cwd: task.cwd,
    worktree: task.worktree ?? false,
    env: task.env ?? {},
    model: task.model,
    maxTurns: task.maxTurns,
    maxBudgetUsd: task.maxBudgetUsd,
    allowedTools: task.allowedTools ?? [],
    permissionMode: task.permissionMode,
    resumeFrom: task.resumeFrom,
    repository: task.repository ?? defaults.repository,
    ref: task.ref ?? defaults.ref,
  };
}

/** What only shows when all tasks are looked at. */
function checkTogether(tasks: Task[], file: ConfigFile): Problem[] {
  const problems: Problem[] = [];
  const indexes = new Map<string, number>();
  tasks.forEach(({ id }, index) => {
    // On macOS "A.txt" and "a.txt" are one file.
    const name = id.toLowerCase();
    const before = indexes.get(name);
    if (before === undefined) indexes.set(name, index);
    else {
      const { line } = file.placeOf(['tasks', String(before), 'id'], 'value');
      problems.push(
        problemAt(file, [index, 'id'], `There is a task "${tasks[before]?.id ?? ''}" already, in line ${String(line)}`),
      );
    }
  });
  const ids = new Set(tasks.map(({ id }) => id));
  tasks.forEach((task, index) => {
    for (const name of task.dependsOn.filter((one) => !ids.has(one))) {
      const meant = nearest(name, [...ids]);
      const problem = problemAt(file, [index, 'dependsOn'], `Task "${task.id}" depends on "${name}", which is no task`);
      problems.push(meant === undefined ? problem : { ...problem, instead: meant });
    }
  });
  if (problems.length > 0) return problems;
  const cycle = findCycle(tasks);
  if (cycle) {
    const index = tasks.findIndex(({ id }) => id === cycle[0]);
    return [problemAt(file, [index, 'dependsOn'], `Tasks wait for each other in a circle: ${[...cycle, cycle[0]].join(' -> ')}`)];
  }
  tasks.forEach((task, index) => {
    const wanted = new Set(referencesIn(task.prompt));
    if (wanted.size === 0) return;
    const earlier = reachedFrom(task.id, tasks);
    for (const name of wanted)
      if (!earlier.has(name))
        problems.push(
          problemAt(
            file,
            [index, 'prompt'],
            ids.has(name)
              ? `The prompt of "${task.id}" wants the result of "${name}", on which it does not depend`
              : `The prompt of "${task.id}" wants the result of "${name}", which is no task`,
          ),
        );
  });
  return problems;
}

function problemAt(file: ConfigFile, [index, key]: [number, string], what: string): Problem {
  return { place: file.placeOf(['tasks', String(index), key], 'value'), what };
}
