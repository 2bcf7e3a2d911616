import { lookAlikes, seeds } from './seed.ts';

export const CONSOLE = seeds('no-console', [
  [
    'plain',
    'src/services/users.ts',
    `
export async function createUser(input: UserInput) {
  const user = await db.user.create({ data: input });
»  console.log('created user', user.id);
  return user;
}
`,
  ],
  [
    'info, in an express handler',
    'src/routes/orders.js',
    `
router.post('/', async (req, res) => {
»  console.info(\`POST /orders from \${req.ip}\`);
  res.status(201).json(await orders.create(req.body));
});
`,
  ],
  [
    'debug, in an effect',
    'src/components/Cart.tsx',
    `
export function Cart({ items }: Props) {
  useEffect(() => {
»    console.debug('cart changed', items);
  }, [items]);
  return <List items={items} />;
}
`,
  ],
  [
    'table',
    'src/reports/print.mts',
    `
export function print(rows: readonly Row[]): void {
»  console.table(rows);
}
`,
  ],
  [
    'dir',
    'src/lib/inspect.cjs',
    `
module.exports = (value) => {
»  console.dir(value, { depth: null });
  return value;
};
`,
  ],
  [
    'trace',
    'src/state/machine.ts',
    `
export class Machine {
  transition(to: State) {
    if (!this.allowed(to)) {
»      console.trace('illegal transition');
      return;
    }
    this.state = to;
  }
}
`,
  ],
  [
    'aliased method',
    'src/lib/log.ts',
    `
»const log = console.log;

export function started(port: number) {
  log(\`listening on \${port}\`);
}
`,
  ],
  [
    'destructured',
    'src/boot.mjs',
    `
»const { log, info: say } = console;

export function boot() {
  log('booting');
  say('ready');
}
`,
  ],
  [
    'optional chain',
    'src/widgets/embed.js',
    `
export function embed(node) {
»  console?.log?.('embedding into', node);
  node.append(frame());
}
`,
  ],
  [
    'computed',
    'src/widgets/loader.ts',
    `
export function load(url: string) {
»  console['log']('loading', url);
  return import(url);
}
`,
  ],
  [
    'globalThis',
    'src/runtime/edge.ts',
    `
export default {
  fetch(request: Request) {
»    globalThis.console.log(request.url);
    return new Response('ok');
  },
};
`,
  ],
  [
    'window, in JSX',
    'src/components/Banner.jsx',
    `
export const Banner = () => (
»  <button onClick={() => window.console.log('clicked')}>
    Learn more
  </button>
);
`,
  ],
  [
    'passed as a function to then',
    'src/jobs/nightly.ts',
    `
export function nightly(): void {
  rebuildIndex()
»    .then(console.log)
    .catch((error: unknown) => logger.error(error));
}
`,
  ],
  [
    'passed as a handler in JSX',
    'src/components/Editor.tsx',
    `
export const Editor = ({ value }: { value: string }) => (
  <TextArea
    value={value}
»    onChange={console.log}
  />
);
`,
  ],
  [
    'a default parameter',
    'src/lib/measure.ts',
    `
»export async function measure<T>(work: () => Promise<T>, report: (line: string) => void = console.log): Promise<T> {
  const begin = performance.now();
  const result = await work();
  report(\`\${performance.now() - begin} ms\`);
  return result;
}
`,
  ],
  [
    'a field of a class, bound',
    'src/realtime/Channel.ts',
    `
export class Channel {
»  private readonly write = console.info.bind(console, '[channel]');

  open() {
    this.write('open');
  }
}
`,
  ],
  [
    'after &&',
    'src/lib/flags.ts',
    `
export function flag(name: string): boolean {
  const value = flags.get(name) ?? false;
»  process.env.NODE_ENV !== 'production' && console.log(name, value);
  return value;
}
`,
  ],
  [
    'over several lines',
    'src/sync/engine.ts',
    `
export async function* sync(items: Item[]) {
  for (const item of items) {
»    console
      .log(
        'syncing',
        item.id,
      );
    yield push(item);
  }
}
`,
  ],
  [
    'group and groupEnd',
    'src/middleware/timing.ts',
    `
export const timing: RequestHandler = (req, _res, next) => {
»  console.group(req.path);
  next();
  console.groupEnd();
};
`,
  ],
  [
    'the console aliased',
    'src/lib/out.ts',
    `
»const out = console;
export const hello = (name: string) => out.log('hello', name);
`,
  ],
  [
    'time',
    'src/render/html.ts',
    `
export function render(page: Page): string {
»  console.time('render');
  const html = toHtml(page);
  console.timeEnd('render');
  return html;
}
`,
  ],
  [
    'in a decorator',
    'src/decorators/timed.ts',
    `
export function timed(_target: object, key: string, descriptor: PropertyDescriptor) {
  const original = descriptor.value as (...args: unknown[]) => unknown;
  descriptor.value = function (this: unknown, ...args: unknown[]) {
»    console.log.apply(console, ['calling', key]);
    return original.apply(this, args);
  };
}
`,
  ],
]);

export const CONSOLE_CLEAN = lookAlikes('no-console', [
  [
    'a logger',
    'src/services/mail.ts',
    `
export async function send(mail: Mail) {
  logger.info({ to: mail.to }, 'sending');
  this.logger.debug('sent');
  log.info('done');
}
`,
  ],
  ['Math.log', 'src/lib/entropy.ts', '\nexport const bits = (p: number) => -p * Math.log(p) - Math.log2(p);\n'],
  [
    'errors and warnings are for another rule',
    'src/main.ts',
    `
main().catch((error: unknown) => {
  console.error(error);
  console.warn('giving up');
});
`,
  ],
  [
    'a string',
    'src/docs/snippets.ts',
    `
export const SNIPPET = "console.log('hello')";
export const TEMPLATE = \`console.debug(\${'x'})\`;
`,
  ],
  [
    'a comment',
    'src/lib/sum.ts',
    `
// console.log(a, b) shows the numbers
/* console.table is for tables */
export const sum = (a: number, b: number) => a + b;
`,
  ],
  [
    'the history of git',
    'src/vcs/history.ts',
    `
export const history = (git: Git) => git.log({ maxCount: 10 });
export const trace = tracer.trace('x');
`,
  ],
  [
    'a console of a game',
    'src/game/devices.ts',
    `
export class Player {
  constructor(private readonly gameConsole: GameConsole) {}
  play() {
    this.gameConsole.log('play');
    this.device.console.info();
  }
}
`,
  ],
  [
    'a type',
    'src/types/sink.ts',
    `
export interface Sink { console: Console; log: Console['log']; }
export type Level = keyof Pick<Console, 'log' | 'info'>;
`,
  ],
  [
    'text and a component in JSX',
    'src/components/Help.tsx',
    `
export const Help = () => <p>Type console.log(value) into the console. <Console log="on" /></p>;
`,
  ],
  [
    'a local console that is not the global one',
    'src/terminal/session.ts',
    `
import { VirtualConsole } from './virtual-console';

export function session(stream: Writable) {
  const console = new VirtualConsole(stream);
  console.log('welcome');
}
`,
  ],
  [
    'functions of these names',
    'src/lib/debug.ts',
    `
import createDebug from 'debug';
const debug = createDebug('app');
export function log(text: string) { debug(text); }
log('table');
`,
  ],
]);
