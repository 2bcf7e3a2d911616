import { z } from 'zod';
import { durationMs } from './duration.ts';
import { parseSize, SIZE } from './size.ts';

const port = z.int().min(1).max(65535).describe('A TCP port, 1 to 65535');
const word = z.string().min(1);

/** "500ms", "5s", "2m", or a number of seconds; in milliseconds. */
const duration = z
  .union([
    z.number().min(0),
    z.string().regex(/^\d+(?:\.\d+)?(?:ms|s|m)$/, 'Expected a duration such as 500ms, 5s, 2m or a number of seconds'),
  ])
  .describe('A duration: 500ms, 5s, 2m, or a number of seconds')
  .transform((value) => (typeof value === 'number' ? value * 1000 : durationMs(value)));

/** "10MB", or a number of bytes. */
const size = z
  .union([z.int().min(1), z.string().regex(SIZE, 'Expected a size such as 500kB, 50MB, 1GB or a number of bytes')])
  .describe('A size: 500kB, 50MB, 1GB, or a number of bytes')
  .transform((value) => (typeof value === 'number' ? value : (parseSize(value) ?? 0)));

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const condition = z.enum(['ready', 'started', 'completed']);
const dependsOn = z
  .union([word.transform((name) => [name]), z.array(word), z.record(word, condition)])
  .describe('Services to wait for: a name, a list of names, or names with a condition')
  .transform((value) => (Array.isArray(value) ? Object.fromEntries(value.map((name) => [name, 'ready' as const])) : value));

const signal = z
  .string()
  .transform((text) => text.toUpperCase().replace(/^SIG/, ''))
  .pipe(z.enum(['TERM', 'INT', 'QUIT', 'HUP', 'USR1', 'USR2', 'ABRT', 'KILL']))
  .describe('TERM by default');

const pattern = word.refine((text) => isRegExp(text), 'Expected a regular expression');

const service = z.strictObject({
  port: port.optional().describe('The port it listens on; if somebody else holds it, start refuses'),
  ready: z
    .strictObject({
      http: word
        .regex(/^\//, 'Expected a path that begins with "/"')
        .optional()
        .describe('A path that must answer with a status below 400'),
      log: pattern.optional().describe('A regular expression that a line of its log must match'),
      port: port.optional(),
      settle: duration.optional().describe('How long the listener must hold; 400ms by default'),
    })
    .optional(),
  stopSignal: signal.optional(),
  grace: duration.optional().describe('How long a stop waits before it kills; 5s by default'),
  restart: z.enum(['never', 'on-failure', 'always']).optional(),
  dependsOn: dependsOn.optional(),
  env: z.record(word.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'Expected a variable name'), scalar).optional(),
  cwd: word.optional().describe('Its folder, from the project root'),
  autostart: z.boolean().optional(),
  oneShot: z.boolean().optional().describe('It ends by itself with exit code 0'),
  shell: word.optional().describe('Runs its line as SHELL -c LINE; sh by default'),
  instances: z.int().min(0).max(100).optional(),
  patterns: z.array(pattern).optional().describe('Regular expressions for its command lines; they narrow, they are no evidence'),
});

const count = z.int().min(1);
const profile = z.strictObject({
  maxProcesses: z.int().min(0).optional().describe('Processes at once, before the newest are queued; 0: no limit'),
  toolMemory: size.optional().describe('For everything that its shell runs, together (Linux)'),
  toolCalls: count.optional(),
  subagents: count.optional(),
  jobs: count.optional().describe('Jobs of a build tool: MAKEFLAGS, CARGO_BUILD_JOBS ...'),
  nice: z.int().min(0).max(19).optional(),
});

/** Of files, as devctl.yml and the rules of a project name them. */
export const glob = word.refine((text) => !/^[!/]/.test(text), 'Expected a file, a folder or a glob, from the project root');
const globs = z.array(glob).optional();
const level = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);

/** devctl.yml. The JSON Schema of the package is made from this. */
export const configSchema = z.strictObject({
  procfile: word.optional(),
  ports: z.array(port).optional().describe('Ports of the project beside those of its services'),
  patterns: z.array(pattern).optional(),
  logs: z.strictObject({ dir: word.optional(), keep: z.int().min(0).max(100).optional(), maxSize: size.optional() }).optional(),
  envFiles: z.array(word).optional().describe('[.env] by default'),
  portBase: port.optional(),
  portStep: z.int().min(1).max(10_000).optional(),
  keepEnv: z.array(word).optional(),
  dropEnv: z.array(word).optional(),
  mode: z.enum(['tmux', 'direct']).optional(),
  stopOnSessionEnd: z.boolean().optional().describe('Stop everything when an agent’s session here ends; false by default'),
  layout: z.enum(['panes', 'windows']).optional(),
  services: z.record(word, service).optional(),
  claude: z
    .strictObject({
      profile: word.optional().describe('yolt, seatbelt, airbag, or one of `profiles`'),
      profiles: z.record(word, profile).optional(),
      maxProcesses: z.int().min(0).optional().describe('200 by default; 0: no limit'),
      memory: size.optional().describe('Ceiling for Claude Code itself'),
    })
    .optional()
    .describe('What `devctl claude` gives Claude Code'),
  validate: z
    .strictObject({
      level: level.optional().describe('1 lenient, 2 standard (by default), 3 strict, 4 paranoid'),
      testLevel: level.optional().describe('Of tests and fixtures; 1 by default'),
      ignore: globs.describe('Globs of files that `devctl validate` passes over, from the project root'),
      places: z
        .strictObject({ production: globs, test: globs, script: globs })
        .optional()
        .describe('What files are for, where their names do not tell: globs from the project root'),
      rules: z
        .record(word, z.enum(['off', 'warning', 'error']))
        .optional()
        .describe('Rules that are judged otherwise here'),
    })
    .optional()
    .describe('How strict `devctl validate` is'),
});

/** For editors: dist/devctl.schema.json. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema, { io: 'input' });
}

export type Config = z.output<typeof configSchema>;

function isRegExp(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
