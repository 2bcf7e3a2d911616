import { DRY_RUN, JSON_OUT, type CommandSpec } from './command-spec.ts';

/** The verbs around Claude Code. */
export const CLAUDE_COMMANDS: CommandSpec[] = [
  {
    name: 'claude',
    args: '[words...]',
    summary: 'Claude Code with memory settings for this machine and version, and a limit on its processes',
    options: [
      { flags: '--max-processes <number>', text: 'of its tools, at once; the newest are queued (200); 0: no limit' },
      { flags: '--profile <name>', text: 'yolt, seatbelt, airbag, or one of devctl.yml' },
      { flags: '--memory <size>', text: 'ceiling for Claude Code itself (by default from devctl hardware)' },
      { flags: '--end-hung', text: 'end tools such as rg and fd that stand still' },
      { flags: '--metrics <port>', text: 'serve Prometheus text on 127.0.0.1' },
      { flags: '--doctor', text: 'which one it is, how it logs in, and what its version does wrong' },
      DRY_RUN,
    ],
    examples: [
      'devctl claude',
      'devctl claude -p "fix the tests"',
      'devctl claude --profile airbag -- --help',
      'devctl claude --dry-run',
    ],
    passThrough: 'from-stranger',
  },
  {
    name: 'cleanup',
    args: '',
    summary: 'ends Claude Code processes that are stuck, after a yes: orphaned, without a terminal, and still',
    options: [
      { flags: '--force', text: 'do not ask' },
      { flags: '--quiet', text: 'print nothing but failures' },
      { flags: '--older-than <time>', text: 'whose session was not written to for so long (10m)' },
      DRY_RUN,
      JSON_OUT,
    ],
    examples: ['devctl cleanup', 'devctl cleanup --dry-run', 'devctl cleanup --force --quiet'],
  },
  {
    name: 'hardware',
    args: '',
    summary: 'the machine’s memory and cores, its limits, and what Claude Code may have of them',
    options: [
      { flags: '--export', text: 'print the shell lines for a Claude Code on Node' },
      { flags: '--env-file <file>', text: 'write them into a file' },
      JSON_OUT,
    ],
    examples: ['devctl hardware', 'devctl hardware --json', 'devctl hardware --env-file .env.claude-memory'],
  },
  {
    name: 'release',
    args: '',
    summary: 'continues what a governor that was killed has left stopped',
    options: [],
    examples: ['devctl release'],
    isHidden: true,
  },
];
