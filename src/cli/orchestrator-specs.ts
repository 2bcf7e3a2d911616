import { DRY_RUN, type CommandSpec, type OptionSpec } from './command-spec.ts';

const REDIS: OptionSpec = {
  flags: '--redis <url>',
  text: 'redis://[[user]:password@]host:port, rediss:// with TLS (REDIS_URL, else this machine)',
};
const QUEUE: OptionSpec = { flags: '--queue <name>', text: 'of the tasks, in Redis (tasks)' };
const HTTP: OptionSpec = { flags: '--http <port>', text: 'serve health, metrics and events on 127.0.0.1' };
const AT_ONCE = 'tasks at once (by default from the file, or from the machine)';

/** The verbs around many `claude -p` tasks. */
export const ORCHESTRATOR_COMMANDS: CommandSpec[] = [
  {
    name: 'orchestrate',
    args: '<file>',
    summary: 'runs the tasks of a file, each in a claude -p of its own, with dependencies, retries and a journal',
    options: [
      { flags: '--resume', text: 'go on with a run that was ended; what is done stays done' },
      { flags: '--retry-failed', text: 'once more what has failed, was skipped or was cancelled' },
      { flags: '--restart', text: 'set an unfinished run aside and begin anew' },
      { flags: '--cancel <task>', text: 'end one task of the run that is under way' },
      { flags: '--concurrency <number>', text: AT_ONCE },
      { ...REDIS, text: `hand the tasks to workers: ${REDIS.text}` },
      QUEUE,
      HTTP,
      DRY_RUN,
      { flags: '--json', text: 'one JSON document a line; the last is the result' },
    ],
    examples: [
      'devctl orchestrate tasks.json',
      'devctl orchestrate tasks.yml --dry-run',
      'devctl orchestrate tasks.json --resume',
      'devctl orchestrate tasks.json --retry-failed --concurrency 4',
      'devctl orchestrate tasks.json --redis redis://queue.example:6379',
    ],
  },
  {
    name: 'worker',
    args: '',
    summary: 'carries out the tasks of orchestrators on any machine, by Redis',
    options: [REDIS, QUEUE, { flags: '--concurrency <number>', text: 'tasks at once (by default from the machine)' }],
    examples: [
      'devctl worker --redis redis://queue.example:6379',
      'REDIS_URL=rediss://:secret@queue.example:6380 devctl worker --concurrency 4',
    ],
  },
  {
    name: 'executor',
    args: '',
    summary: 'runs prompts for callers that may start nothing themselves, by Redis',
    options: [REDIS, HTTP],
    examples: ['devctl executor --redis redis://127.0.0.1:6379 --http 9464', 'CLAUDE_MAX_CONCURRENT=2 devctl executor'],
  },
  {
    name: 'end-tasks',
    args: '<worker>',
    summary: 'ends what a worker that was killed has left',
    options: [],
    examples: [],
    isHidden: true,
  },
];
