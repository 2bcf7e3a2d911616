export interface OptionSpec {
  flags: string;
  text: string;
  /** May be given several times. */
  many?: boolean;
}

/** One verb of the program, without its code; that is in `command-loaders.ts`. */
export interface CommandSpec {
  name: string;
  args: string;
  summary: string;
  options: OptionSpec[];
  examples: string[];
  /** From the first argument on, or also from the first option that is not its own, all goes to another program, untouched. */
  passThrough?: 'from-argument' | 'from-stranger';
  /** Not for people. */
  isHidden?: boolean;
}

/** Of every command. */
export const ROOT: OptionSpec = { flags: '--root <folder>', text: 'as if it were typed in that folder' };

const PROCFILE: OptionSpec = {
  flags: '-f, --procfile <file>',
  text: 'the Procfile (PROCFILE; else Procfile.dev, else Procfile)',
};
const JSON_OUT: OptionSpec = { flags: '--json', text: 'print one JSON document' };
const DRY_RUN: OptionSpec = { flags: '--dry-run', text: 'print the plan and end' };
const UP: OptionSpec[] = [
  { flags: '-x, --except <services>', text: 'all but these', many: true },
  { flags: '-m, --formation <web=2,...>', text: 'how many instances of each', many: true },
  { flags: '--mode <tmux|direct>', text: 'panes, or log files (by default: panes on a terminal)' },
  { flags: '--timeout <time>', text: 'how long to wait until everything is ready (30s)' },
  { flags: '--no-wait', text: 'return when everything is started' },
  { flags: '--keep', text: 'after a failure, leave what was started' },
  { flags: '--take-port <ports>', text: 'first end whoever listens on these ports', many: true },
];

export const COMMANDS: CommandSpec[] = [
  {
    name: 'start',
    args: '[services...]',
    summary: 'start the services and return when they are ready',
    options: [
      ...UP,
      { flags: '--attach', text: 'then go into the panes' },
      { flags: '--foreground', text: 'stay, with merged logs; Ctrl-C stops everything' },
      PROCFILE,
      DRY_RUN,
      JSON_OUT,
    ],
    examples: ['devctl start', 'devctl start web worker', 'devctl start -x worker -m web=2', 'devctl start --timeout 2m'],
  },
  {
    name: 'stop',
    args: '[services...]',
    summary: 'stop the services, and prove that nothing of them is left',
    options: [
      { flags: '--timeout <time>', text: 'how long to wait before it kills (5s, or the service’s grace)' },
      { flags: '--force', text: 'end also what is only probably the project’s' },
      PROCFILE,
      DRY_RUN,
      JSON_OUT,
    ],
    examples: ['devctl stop', 'devctl stop worker', 'devctl stop --dry-run', 'devctl stop --force'],
  },
  {
    name: 'restart',
    args: '[services...]',
    summary: 'stop and start, and confirm that the new processes are ready',
    options: [...UP, PROCFILE, DRY_RUN, JSON_OUT],
    examples: ['devctl restart', 'devctl restart web'],
  },
  {
    name: 'status',
    args: '',
    summary: 'what runs, since when, on which port, and what to type next',
    options: [{ flags: '--watch', text: 'draw it again every second, until Ctrl-C' }, PROCFILE, JSON_OUT],
    examples: ['devctl status', 'devctl status --json'],
  },
  {
    name: 'wait',
    args: '[service]',
    summary: 'wait for a service, or for all that are wanted up, instead of sleeping',
    options: [
      { flags: '--for <what>', text: "ready (by default), stopped, exit, or 'log:REGEX'" },
      { flags: '--timeout <time>', text: 'how long at most (60s); then the exit code is 124' },
      JSON_OUT,
    ],
    examples: ['devctl wait', 'devctl wait web', "devctl wait web --for 'log:compiled'", 'devctl wait migrate --for exit'],
  },
  {
    name: 'ls',
    args: '',
    summary: 'every project of yours in which something runs',
    options: [{ flags: '-a, --all', text: 'also those in which nothing does' }, JSON_OUT],
    examples: ['devctl ls', 'devctl status --root ~/app', 'devctl stop --root /path/that/is/gone'],
  },
  {
    name: 'ps',
    args: '',
    summary: 'every process of the project, and why it is one; whoever holds its ports',
    options: [PROCFILE, JSON_OUT],
    examples: ['devctl ps', 'devctl ps --json'],
  },
  {
    name: 'strays',
    args: '[pids...]',
    summary: 'processes that agents’ sessions have left behind, and their end',
    options: [
      { flags: '--end', text: 'end these: of no session any more, and nothing that a person works with' },
      { flags: '--older-than <time>', text: 'only those of at least this age' },
      JSON_OUT,
    ],
    examples: ['devctl strays', 'devctl strays --end --older-than 10m', 'devctl strays 4121 --end'],
  },
  {
    name: 'doctor',
    args: '',
    summary: 'what this machine has and can do for devctl, and what is stale',
    options: [{ flags: '--fix', text: 'remove stale files' }, PROCFILE, JSON_OUT],
    examples: ['devctl doctor', 'devctl doctor --fix'],
  },
  {
    name: 'logs',
    args: '[services...]',
    summary: 'the last lines of the logs',
    options: [
      { flags: '-n, --lines <number>', text: 'how many lines (100)' },
      { flags: '-f, --follow', text: 'go on as lines come; without a terminal only with --for' },
      { flags: '--for <time>', text: 'follow this long' },
      { flags: '--since <time>', text: 'only logs written to in the last 10m, or since 2026-11-21T10:00' },
      { flags: '--since-last', text: 'only what is new since your last call with this' },
      { flags: '--cursor <cursor>', text: 'only what is new since that cursor' },
      { flags: '--grep <pattern>', text: 'only lines that match' },
      { flags: '--errors', text: 'only lines that look like errors' },
      { flags: '--run <previous>', text: 'the run before this one' },
      JSON_OUT,
    ],
    examples: [
      'devctl logs web',
      'devctl logs --errors',
      'devctl logs -f',
      'devctl logs -f --for 30s',
      'devctl logs --since-last',
    ],
  },
  {
    name: 'attach',
    args: '[service]',
    summary: 'go into the panes (leave with Ctrl-b d)',
    options: [],
    examples: ['devctl attach', 'devctl attach web'],
  },
  {
    name: 'run',
    args: '<command...>',
    summary: 'run a command in a service’s environment',
    options: [{ flags: '-s, --service <service>', text: 'whose environment (the first service’s)' }, PROCFILE],
    examples: ['devctl run rails console', 'devctl run -s worker env'],
    passThrough: 'from-argument',
  },
  {
    name: 'env',
    args: '[service]',
    summary: 'what a service gets as environment, and from where',
    options: [PROCFILE, JSON_OUT],
    examples: ['devctl env', 'devctl env web'],
  },
  {
    name: 'check',
    args: '',
    summary: 'check the Procfile and devctl.yml, without running anything',
    options: [PROCFILE, JSON_OUT],
    examples: ['devctl check', 'devctl check -f Procfile.test'],
  },
  {
    name: 'nuke',
    args: '',
    summary: 'stop everything that devctl ever started, in every project of yours',
    options: [
      { flags: '--project', text: 'only this project' },
      { flags: '--everything', text: 'DANGER: also every tmux session, ruby and node process of yours, whoever started it' },
      { flags: '--yes', text: 'do not ask' },
      DRY_RUN,
      JSON_OUT,
    ],
    examples: ['devctl nuke --dry-run', 'devctl nuke --project --yes', 'devctl nuke --everything --dry-run'],
  },
  {
    name: 'init',
    args: '',
    summary: 'set a project up for devctl and its agents, after a diff and a yes',
    options: [
      { flags: '--remove', text: 'take everything out again that it put in' },
      { flags: '--yes', text: 'do not ask' },
      DRY_RUN,
      JSON_OUT,
    ],
    examples: ['devctl init', 'devctl init --dry-run', 'devctl init --remove'],
  },
  {
    name: 'diagnose',
    args: '',
    summary: 'one text to paste into an issue: versions, status, plan, log tails; secrets are masked',
    options: [PROCFILE, JSON_OUT],
    examples: ['devctl diagnose', 'devctl diagnose > report.txt'],
  },
  {
    name: 'mcp',
    args: '',
    summary: 'the same verbs for agents, as an MCP server on standard input and output',
    options: [],
    examples: ['claude mcp add -s project devctl -- devctl mcp'],
  },
  {
    name: 'claude',
    args: '[words...]',
    summary: 'Claude Code with memory settings for this machine and version, and a limit on its processes',
    options: [
      { flags: '--max-processes <number>', text: 'of its tools, at once; the newest are queued (200); 0: no limit' },
      { flags: '--profile <name>', text: 'yolt, seatbelt, airbag, or one of devctl.yml' },
      { flags: '--memory <size>', text: 'ceiling for it and all that it starts (as devctl hardware says)' },
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
    name: 'completion',
    args: '<shell>',
    summary: 'print the completion script for bash, zsh or fish',
    options: [],
    examples: ['source <(devctl completion bash)', 'devctl completion fish > ~/.config/fish/completions/devctl.fish'],
  },
  {
    name: 'release',
    args: '',
    summary: 'continues what a governor that was killed has left stopped',
    options: [],
    examples: ['devctl release'],
    isHidden: true,
  },
  {
    name: 'complete',
    args: '[words...]',
    summary: 'what the completion scripts ask',
    options: [],
    examples: ['devctl complete -- start w'],
    passThrough: 'from-argument',
    isHidden: true,
  },
];
