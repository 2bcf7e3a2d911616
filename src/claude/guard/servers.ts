/** What a program does that its words tell: nothing of the guard's business, or a server that stays. */
type Judge = (args: string[]) => boolean;

const INFORMS = /^(?:--?help|-h|--version|-v|-V|--check-config|--print-config)$/;
const first = (args: string[]): string | undefined => args.find((word) => !word.startsWith('-'));
/** The first word that is neither an option nor the value of one of these. */
function firstBehind(args: string[], valued: string[]): string | undefined {
  return args.find((word, at) => !word.startsWith('-') && !valued.includes(args[at - 1] ?? ''));
}

const isOneOf =
  (...names: string[]): Judge =>
  (args) =>
    names.includes(first(args) ?? '');
/** Without a subcommand it serves as well. */
const isNoneOrOneOf =
  (...names: string[]): Judge =>
  (args) => {
    const word = first(args);
    return word === undefined || names.includes(word);
  };
const always: Judge = () => true;

/** Programs that serve an application in development, with the words by which they do. */
const SERVERS: Record<string, Judge> = {
  rails: (args) => args[0] === 's' || args[0] === 'server',
  puma: always,
  unicorn: always,
  thin: isOneOf('start'),
  rackup: always,
  shotgun: always,
  falcon: isNoneOrOneOf('serve', 'host'),
  vite: (args) => {
    const word = first(args);
    return word === undefined || ['dev', 'serve', 'preview'].includes(word) || !VITE_COMMANDS.includes(word);
  },
  next: isNoneOrOneOf('dev', 'start'),
  nuxt: isNoneOrOneOf('dev', 'start', 'preview'),
  nuxi: isOneOf('dev', 'preview'),
  astro: isOneOf('dev', 'preview'),
  remix: isOneOf('dev'),
  'react-router': isOneOf('dev'),
  'react-scripts': isOneOf('start'),
  'vue-cli-service': isOneOf('serve'),
  ng: isOneOf('serve', 's'),
  gatsby: isOneOf('develop', 'serve'),
  webpack: isOneOf('serve', 'server'),
  'webpack-dev-server': always,
  'webpack-cli': isOneOf('serve'),
  rsbuild: isNoneOrOneOf('dev', 'preview'),
  rspack: isOneOf('serve', 'dev'),
  parcel: (args) => !['build', 'watch', 'help'].includes(first(args) ?? ''),
  snowpack: isOneOf('dev'),
  sidekiq: always,
  nodemon: always,
  'ts-node-dev': always,
  'node-dev': always,
  wrangler: isOneOf('dev'),
  expo: isOneOf('start'),
  metro: isOneOf('serve'),
  ember: isOneOf('serve', 's', 'server'),
  eleventy: (args) => args.includes('--serve'),
  hugo: isOneOf('server', 'serve'),
  jekyll: isOneOf('serve', 's', 'server'),
  uvicorn: always,
  gunicorn: always,
  hypercorn: always,
  daphne: always,
  waitress: always,
  'waitress-serve': always,
  granian: always,
  flask: (args) => firstBehind(args, ['--app', '-A', '-e', '--env-file']) === 'run',
  fastapi: isOneOf('dev', 'run'),
  django: isOneOf('runserver'),
  'django-admin': isOneOf('runserver'),
  'manage.py': isOneOf('runserver'),
  artisan: isOneOf('serve', 'octane:start'),
  symfony: isOneOf('serve', 'server:start', 'local:server:start'),
  mix: isOneOf('phx.server'),
  turbo: (args) => first(args) === 'dev' || (first(args) === 'run' && args.includes('dev')),
  foreman: isOneOf('start', 's'),
  overmind: isNoneOrOneOf('start', 's'),
  hivemind: always,
  goreman: isOneOf('start'),
  honcho: isOneOf('start'),
  mprocs: always,
  php: (args) => args.includes('-S') || args.some((word) => /^-S./.test(word)),
};
export const SERVER_NAMES: readonly string[] = Object.keys(SERVERS);

const VITE_COMMANDS: readonly string[] = ['build', 'optimize'];

/** `-h` is a host for some. */
const HOST_FLAG: ReadonlySet<string> = new Set(['php', 'flask']);

/** Is it a development server that stays? `args` are literal words. Pure. */
export function isServer(program: string, args: string[]): boolean {
  const judge = Object.hasOwn(SERVERS, program) ? SERVERS[program] : undefined;
  return judge !== undefined && !informs(program, args) && judge(args);
}

/** Only asked for its help or its version. */
export function informs(program: string, args: string[]): boolean {
  return args.some((word) => INFORMS.test(word) && !(word === '-h' && HOST_FLAG.has(program)) && !isBind(word, args));
}

/** `-v` and `-V` are verbosity where an address or a port is given as well. */
function isBind(word: string, args: string[]): boolean {
  return /^-[vV]$/.test(word) && args.some((other) => /^-?-(?:p|b|port|bind|host)\b/.test(other));
}
