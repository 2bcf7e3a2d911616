import { z } from 'zod';
import type { Flags } from '../context.ts';

/** A tool: one verb of the program, with typed input. */
export interface ToolSpec {
  name: string;
  title: string;
  description: string;
  input: z.ZodObject;
  /**
   * The shape of its answer. The model is shown nothing else of an answer that has one, so that what is to be read as text
   * has none. Source: measured, Claude Code 2.1.329.
   */
  output?: z.ZodObject;
  hints: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean };
  /** Offered to the model from the start, not only after a search for tools. */
  isAlwaysLoaded?: boolean;
  /** From the checked input to the verb's words and flags. */
  toCall: (input: Record<string, unknown>) => { args: string[]; flags: Flags };
}

const root = z.string().optional().describe('The project folder or worktree; by default the one that this server was started in');
const services = z.array(z.string()).max(100).optional().describe('Names of services in the Procfile; all of them by default');
const timeoutSeconds = z.number().min(1).max(600).optional();
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const seconds = (value: unknown): Flags => (typeof value === 'number' ? { timeout: `${String(value)}s` } : {});
const set = (name: string, value: unknown): Flags => (value === undefined ? {} : { [name]: value });
const text = (name: string, value: unknown): Flags =>
  typeof value === 'string' || typeof value === 'number' ? { [name]: String(value) } : {};

const READS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true };
const CHANGES = { readOnlyHint: false, destructiveHint: false, idempotentHint: true };
const ENDS = { readOnlyHint: false, destructiveHint: true, idempotentHint: true };

const startedService = z.looseObject({ name: z.string(), state: z.string(), url: z.string().optional() });
const statusOutput = z.looseObject({
  root: z.string(),
  verdict: z.enum(['healthy', 'starting', 'degraded', 'stopped']),
  summary: z.string(),
  next: z.string(),
  services: z.array(z.looseObject({ name: z.string(), state: z.string() })),
});

export const TOOLS: readonly ToolSpec[] = [
  {
    name: 'start',
    title: 'Start the services',
    description:
      'Starts the services of the project and returns when they are ready, with their addresses, or with the reason and the log lines. Safe at any time: what is up stays as it is.',
    input: z.strictObject({
      root,
      services,
      timeoutSeconds: timeoutSeconds.describe('How long to wait until everything is ready (30)'),
      takePorts: z.array(z.int().min(1).max(65535)).max(20).optional().describe('First end whoever listens on these ports'),
    }),
    output: z.looseObject({ runId: z.string(), mode: z.string(), services: z.array(startedService), notes: z.array(z.string()) }),
    hints: CHANGES,
    isAlwaysLoaded: true,
    toCall: ({ services: names, timeoutSeconds: wait, takePorts }) => ({
      args: listOf(names),
      flags: { ...seconds(wait), ...(takePorts === undefined ? {} : { takePort: listOf(takePorts) }) },
    }),
  },
  {
    name: 'stop',
    title: 'Stop the services',
    description: 'Stops the services and proves that no process of them is left and their ports are free.',
    input: z.strictObject({
      root,
      services,
      force: z.boolean().optional().describe('End also what is only probably the project’s'),
    }),
    output: z.looseObject({ layers: z.array(z.looseObject({ layer: z.string() })), seconds: z.number() }),
    hints: ENDS,
    toCall: ({ services: names, force }) => ({ args: listOf(names), flags: set('force', force) }),
  },
  {
    name: 'restart',
    title: 'Restart services',
    description: 'Stops and starts services, and returns when the new processes are ready.',
    input: z.strictObject({
      root,
      services,
      timeoutSeconds: timeoutSeconds.describe('How long to wait until they are ready (30)'),
    }),
    output: z.looseObject({ runId: z.string(), services: z.array(startedService) }),
    hints: { ...ENDS, idempotentHint: false },
    toCall: ({ services: names, timeoutSeconds: wait }) => ({ args: listOf(names), flags: seconds(wait) }),
  },
  {
    name: 'status',
    title: 'What runs',
    description: 'What runs, since when, on which port, whether it runs old code, and what to do next. Observed now.',
    input: z.strictObject({ root }),
    output: statusOutput,
    hints: READS,
    isAlwaysLoaded: true,
    toCall: () => ({ args: [], flags: {} }),
  },
  {
    name: 'logs',
    title: 'Read the logs',
    description: 'The last lines of the services’ logs, bounded; with sinceLast only what is new since the last call.',
    input: z.strictObject({
      root,
      services,
      lines: z.int().min(1).max(1000).optional().describe('How many lines (100)'),
      grep: z.string().optional().describe('Only lines that match this regular expression'),
      errors: z.boolean().optional().describe('Only lines that look like errors, with their stack traces'),
      sinceLast: z.boolean().optional().describe('Only what is new since the last call with this'),
      since: z.string().optional().describe('Only lines of the last 10m, or since 2026-11-21T10:00'),
      previousRun: z.boolean().optional().describe('Of the run before this one'),
    }),
    hints: READS,
    isAlwaysLoaded: true,
    toCall: ({ services: names, lines, grep, errors, sinceLast, since, previousRun }) => ({
      args: listOf(names),
      flags: {
        ...text('lines', lines),
        ...text('grep', grep),
        ...set('errors', errors),
        ...set('sinceLast', sinceLast),
        ...text('since', since),
        ...(previousRun === true ? { run: 'previous' } : {}),
      },
    }),
  },
  {
    name: 'ps',
    title: 'Whose processes',
    description: 'Every process of the project with the evidence that it is one, and whoever else holds its ports.',
    input: z.strictObject({ root }),
    output: z.looseObject({ root: z.string(), processes: z.array(z.looseObject({ pid: z.number(), class: z.string() })) }),
    hints: READS,
    toCall: () => ({ args: [], flags: {} }),
  },
  {
    name: 'check',
    title: 'Check the Procfile',
    description:
      'Checks the Procfile and devctl.yml without running anything; problems with file, line and what to write instead.',
    input: z.strictObject({ root }),
    output: z.looseObject({ files: z.array(z.string()), warnings: z.array(z.string()) }),
    hints: READS,
    toCall: () => ({ args: [], flags: {} }),
  },
  {
    name: 'wait',
    title: 'Wait for a service',
    description: 'Waits until a service is ready, stopped, has exited, or has written a line that matches; instead of sleeping.',
    input: z.strictObject({
      root,
      service: z.string().optional().describe('All that are wanted up by default'),
      for: z.string().optional().describe('ready (by default), stopped, exit, or log:REGEX (a line since the start of the run)'),
      timeoutSeconds: timeoutSeconds.describe('How long at most (50)'),
    }),
    output: z.looseObject({ for: z.string(), seconds: z.number(), status: statusOutput }),
    hints: READS,
    toCall: ({ service, for: goal, timeoutSeconds: wait }) => ({
      args: typeof service === 'string' ? [service] : [],
      // A client gives up after 60 s by itself.
      flags: { ...text('for', goal), ...seconds(wait ?? 50) },
    }),
  },
  {
    name: 'diagnose',
    title: 'Diagnose',
    description: 'One redacted text with versions, status, plan and log tails, to find out why something does not work.',
    input: z.strictObject({ root }),
    hints: READS,
    toCall: () => ({ args: [], flags: {} }),
  },
];
