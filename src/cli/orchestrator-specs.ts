import { DRY_RUN, type CommandSpec } from './command-spec.ts';

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
      { flags: '--concurrency <number>', text: 'tasks at once (by default from the file, or from the machine)' },
      DRY_RUN,
      { flags: '--json', text: 'one JSON document a line; the last is the result' },
    ],
    examples: [
      'devctl orchestrate tasks.json',
      'devctl orchestrate tasks.yml --dry-run',
      'devctl orchestrate tasks.json --resume',
      'devctl orchestrate tasks.json --retry-failed --concurrency 4',
    ],
  },
];
