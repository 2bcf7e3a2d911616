import { z } from 'zod';
import { durationMs } from '../../project/duration.ts';
import { PERMISSION_MODES } from './task.ts';

const word = z.string().min(1);

/** A number of ms, as the seeds have it, or "90s", "10m", "2h". */
const duration = z
  .union([
    z.number().positive(),
    z.string().regex(/^\d+(?:\.\d+)?(?:ms|s|m|h)$/, 'Expected milliseconds, or a duration such as 90s, 10m, 2h'),
  ])
  .describe('Milliseconds, or a duration such as 90s, 10m, 2h')
  .transform((value) => (typeof value === 'number' ? value : durationMs(value)))
  .refine((ms) => ms > 0, 'Expected more than 0');

const list = z.union([word.transform((one) => [one]), z.array(word)]);
const ref = word.regex(/^[^-\s]\S*$/, 'Expected a branch, tag or commit');
const tool = word.regex(/^[^-]/, 'Expected the name of a tool');
const tools = z.union([tool.transform((one) => [one]), z.array(tool)]);
const usd = z.number().positive().describe('US dollars');

/** It names files, and a branch, so it is one name on every system; `a.error.txt` is the error of `a`. */
const id = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?$/,
    'Expected 1 to 100 letters, digits, ".", "_" or "-", with a letter or digit first and no "." last',
  )
  .refine(
    (name) => !/\.\.|\.(?:lock|error|events)$/i.test(name),
    'Expected a name without ".." and without ".lock", ".error" or ".events" at its end',
  );

const variables = z.record(
  word.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'Expected a variable name'),
  z.union([z.string(), z.number(), z.boolean()]).transform(String),
);

const task = z.strictObject({
  id,
  prompt: word.optional().describe('May hold {{tasks.ID.result}} of tasks that it depends on'),
  promptFile: word.optional().describe('From the task file’s folder'),
  priority: z.int().min(0).max(1_000_000).optional().describe('Lower goes first; 100 by default'),
  dependsOn: list.optional(),
  maxRetries: z.int().min(0).max(100).optional(),
  timeout: duration.optional(),
  model: word.optional(),
  cwd: word.optional(),
  worktree: z.boolean().optional(),
  env: variables.optional(),
  maxTurns: z.int().min(1).optional(),
  maxBudgetUsd: usd.optional(),
  allowedTools: tools.optional(),
  permissionMode: z.enum(PERMISSION_MODES).optional(),
  resumeFrom: z.uuid('Expected the session id of an earlier claude').optional(),
  repository: word.optional(),
  ref: ref.optional(),
});

/** A task file: the seeds' JSON, or the same in YAML. */
export const taskFileSchema = z.strictObject({
  tasks: z.array(task).min(1, 'Expected at least one task'),
  concurrency: z.int().min(1).max(100_000).optional(),
  defaultTimeout: duration.optional(),
  defaultMaxRetries: z.int().min(0).max(100).optional(),
  outputDir: word.optional(),
  maxBudgetUsd: usd.optional().describe('Of all tasks together'),
  dangerouslySkipPermissions: z.boolean().optional(),
  repository: word.optional().describe('Of every task that names none'),
  ref: ref.optional(),
  notify: z
    .strictObject({ command: word.optional(), webhook: z.url('Expected a URL').optional() })
    .refine(({ command, webhook }) => (command === undefined) !== (webhook === undefined), 'Expected a command or a webhook')
    .optional(),
});

/** For suggestions, by the path that somebody wrote. */
export function knownTaskKeys(path: string[]): string[] {
  if (path.length === 0) return Object.keys(taskFileSchema.shape);
  if (path[0] === 'tasks' && path.length === 2) return Object.keys(task.shape);
  if (path[0] === 'notify') return ['command', 'webhook'];
  return [];
}

export type TaskFileInput = z.output<typeof taskFileSchema>;
