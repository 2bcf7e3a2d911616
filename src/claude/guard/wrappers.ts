import { afterDashes, splitOptions, withoutAssignments } from './options.ts';
import { joinValues, type Value } from './values.ts';

/** What a program that runs other programs would run. */
export type Inner =
  | { kind: 'words'; words: Value[]; folder?: string }
  /** Shell texts, each on its own. */
  | { kind: 'scripts'; texts: Value[] }
  /** Scripts of the package.json here. */
  | { kind: 'package-scripts'; names: string[] }
  /** Nothing, or nothing on this machine. */
  | { kind: 'nothing' };

type Unwrap = (args: Value[]) => Inner;

const words = (list: Value[]): Inner => ({ kind: 'words', words: list });
const script = (...texts: Value[]): Inner => ({ kind: 'scripts', texts });
const NOTHING: Inner = { kind: 'nothing' };
const joined = (list: Value[]): Value => joinValues(list, ' ');

/** Options, then so many other words, then the program. */
const plain =
  (valued: string[] = [], skipped = 0): Unwrap =>
  (args) =>
    words(withoutAssignments(splitOptions(args, valued).rest.slice(skipped)));
/** `bundle exec PROGRAM`: only after one of these words. */
const after =
  (verbs: string[], valued: string[] = [], skipped = 0): Unwrap =>
  (args) => {
    const { rest } = splitOptions(args, valued);
    return verbs.includes(rest[0]?.text ?? '') ? words(splitOptions(rest.slice(1), valued).rest.slice(skipped)) : NOTHING;
  };
/** The program stands behind `--`, else behind the verb. */
const behindDashes =
  (verbs: string[], valued: string[] = []): Unwrap =>
  (args) =>
    words(afterDashes(args) ?? splitOptions(args.slice(verbs.includes(args[0]?.text ?? '') ? 1 : 0), valued).rest);

const NPX_VALUED = ['-p', '--package', '-c', '--call', '-w', '--workspace', '--prefix'];
/** `npx vite@5`: the version is no part of the name. */
export const npx: Unwrap = (args) => {
  const { options, rest } = splitOptions(args, NPX_VALUED);
  const call = options.get('-c') ?? options.get('--call');
  if (call) return script(call);
  const [program, ...others] = rest;
  return program ? words([{ ...program, text: program.text.replace(/(?<=.)@[^/]*$/, '') }, ...others]) : NOTHING;
};

const PYTHON_RUN = ['--with', '--python', '-p', '--env-file', '--extra', '--group', '--project', '--directory'];

/** Programs that run the program in their arguments, with the options that take a value. */
export const WRAPPERS: Record<string, Unwrap> = {
  env: (args) => {
    const { options, rest } = splitOptions(args, ['-u', '--unset', '-C', '--chdir', '-S', '--split-string']);
    const split = options.get('-S') ?? options.get('--split-string');
    if (split) return script(joined([split, ...rest]));
    const folder = options.get('-C') ?? options.get('--chdir');
    return { kind: 'words', words: withoutAssignments(rest), ...(folder ? { folder: folder.text } : {}) };
  },
  timeout: plain(['-k', '--kill-after', '-s', '--signal'], 1),
  gtimeout: plain(['-k', '--kill-after', '-s', '--signal'], 1),
  nohup: plain(),
  nice: plain(['-n', '--adjustment']),
  ionice: plain(['-c', '-n', '-p', '--class', '--classdata']),
  chrt: plain([], 1),
  taskset: plain([], 1),
  time: plain(['-f', '-o', '--format', '--output']),
  setsid: plain(),
  stdbuf: plain(['-i', '-o', '-e', '--input', '--output', '--error']),
  unbuffer: plain(),
  chronic: plain(),
  caffeinate: plain(['-t', '-w']),
  'xvfb-run': plain(['-n', '-s', '-e', '-f', '-w', '--server-num', '--server-args']),
  strace: plain(['-o', '-e', '-p', '-s']),
  sudo: plain(['-u', '-g', '-h', '-p', '-C', '-T', '-r', '-t', '-U', '-D', '--user', '--group', '--chdir']),
  doas: plain(['-u', '-C']),
  runuser: (args) => commandOption(args) ?? words(splitOptions(args, ['-u', '-g']).rest),
  su: (args) => commandOption(args) ?? NOTHING,
  command: (args) => (args.some(({ text }) => /^-[pP]*[vV]$/.test(text)) ? NOTHING : plain()(args)),
  builtin: plain(),
  exec: plain(['-a']),
  coproc: plain(),
  flock: (args) => commandOption(args) ?? plain(['-w', '-E', '--timeout'], 1)(args),
  watch: (args) => script(joined(splitOptions(args, ['-n', '--interval']).rest)),
  script: (args) => commandOption(args) ?? words(splitOptions(args, ['-T', '-t']).rest.slice(1)),
  eval: (args) => script(joined(args)),
  trap: (args) => (args[0] && !args[0].text.startsWith('-') ? script(args[0]) : NOTHING),
  bundle: after(['exec'], ['--gemfile']),
  foreman: after(['run'], ['-e', '-f']),
  iex: (args) => {
    const at = args.findIndex(({ text }) => text === '-S');
    return at < 0 ? NOTHING : words(args.slice(at + 1));
  },
  poetry: after(['run'], ['-C', '--directory', '-P']),
  uv: after(['run'], PYTHON_RUN),
  uvx: plain(PYTHON_RUN),
  pipenv: after(['run']),
  pdm: after(['run']),
  rye: after(['run']),
  hatch: after(['run']),
  conda: after(['run'], ['-n', '-p', '--name']),
  rbenv: after(['exec']),
  pyenv: after(['exec']),
  nodenv: after(['exec']),
  asdf: after(['exec']),
  nvm: after(['exec', 'run'], [], 1),
  volta: after(['run'], ['--node', '--npm', '--yarn']),
  direnv: after(['exec'], [], 1),
  mise: behindDashes(['exec', 'x']),
  rtx: behindDashes(['exec', 'x']),
  fnm: behindDashes(['exec'], ['--using']),
  dotenv: behindDashes([], ['-e', '-f', '-v', '-p']),
  dotenvx: behindDashes(['run'], ['-f']),
  'env-cmd': behindDashes([], ['-f', '-e', '-r']),
  doppler: behindDashes(['run']),
  op: behindDashes(['run']),
  infisical: behindDashes(['run']),
  'nix-shell': (args) => {
    const { options } = splitOptions(args, ['--run', '--command', '-p']);
    const text = options.get('--run') ?? options.get('--command');
    return text ? script(text) : NOTHING;
  },
  'cross-env': plain(),
  'cross-env-shell': (args) => script(joined(withoutAssignments(args))),
  npx,
  pnpx: npx,
  bunx: npx,
  find: (args) => {
    const runs = args.flatMap(({ text }, at) => (/^-(?:exec|execdir|ok|okdir)$/.test(text) ? [at] : []));
    const [from] = runs;
    if (from === undefined) return NOTHING;
    const end = args.findIndex(({ text }, at) => at > from && (text === ';' || text === '+'));
    return words(args.slice(from + 1, end < 0 ? undefined : end));
  },
  tmux: (args) => {
    const { rest } = splitOptions(args, ['-L', '-S', '-f', '-c', '-T']);
    const verb = rest[0]?.text ?? '';
    if (/^send(?:-keys)?$/.test(verb)) {
      const typed = splitOptions(rest.slice(1), ['-t', '-N']).rest.filter(
        ({ text }) => !/^(?:Enter|C-.|Space|KPEnter)$/.test(text),
      );
      return script(joined(typed));
    }
    if (
      !/^(?:new(?:-session|-window|w)?|neww|split(?:-window|w)|splitw|respawn(?:-pane|-window|p|w)|respawnp|respawnw)$/.test(verb)
    )
      return NOTHING;
    const { rest: command } = splitOptions(rest.slice(1), ['-s', '-n', '-c', '-x', '-y', '-t', '-F', '-e', '-f', '-l', '-p']);
    return script(joined(command));
  },
  screen: (args) => words(splitOptions(args, ['-S', '-dmS', '-c', '-t', '-h', '-s', '-X', '-p']).rest),
  concurrently: (args) => {
    const valued = [
      '-n',
      '--names',
      '-c',
      '--prefix-colors',
      '-p',
      '--prefix',
      '-m',
      '--max-processes',
      '-t',
      '-s',
      '--success',
      '--restart-tries',
    ];
    const commands = splitOptions(args, valued).rest.filter(({ text }) => !text.startsWith('-'));
    return script(...commands.map((one) => ({ ...one, text: one.text.replace(/^(npm|yarn|pnpm|bun):/, '$1 run ') })));
  },
  'npm-run-all': packageScripts,
  'run-p': packageScripts,
  'run-s': packageScripts,
  'npm-run-all2': packageScripts,
  // It ends what it starts.
  'start-server-and-test': () => NOTHING,
  corepack: plain(),
  ssh: () => NOTHING,
  docker: () => NOTHING,
  podman: () => NOTHING,
  kubectl: () => NOTHING,
  vagrant: () => NOTHING,
};

function packageScripts(args: Value[]): Inner {
  return { kind: 'package-scripts', names: args.map(({ text }) => text).filter((text) => !text.startsWith('-')) };
}

/** `su -c 'text'`, wherever it stands. */
function commandOption(args: Value[]): Inner | undefined {
  const at = args.findIndex(({ text }) => /^-[a-zA-Z]*c$/.test(text) || text === '--command');
  const text = at < 0 ? undefined : args[at + 1];
  const long = args.find((one) => one.text.startsWith('--command='));
  if (text) return script(text);
  if (long) return script({ ...long, text: long.text.slice('--command='.length) });
  return undefined;
}
