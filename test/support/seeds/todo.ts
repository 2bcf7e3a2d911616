import { lookAlikes, seeds } from './seed.ts';

export const TODO = seeds('no-todo', [
  [
    'a line comment',
    'src/services/cart.ts',
    `
export function total(items: Item[]): number {
»  // TODO: apply the discount codes
  return items.reduce((sum, item) => sum + item.price * item.quantity, 0);
}
`,
  ],
  [
    'at the end of a line',
    'src/config/limits.ts',
    `
export const MAX_UPLOAD = 5 * 1024 * 1024;
»export const MAX_USERS = 100; // FIXME read this from the plan
`,
  ],
  [
    'a block comment',
    'src/middleware/auth.ts',
    `
export const auth: RequestHandler = (req, res, next) => {
»  /* TODO verify the signature */
  next();
};
`,
  ],
  [
    'in the third line of a JSDoc',
    'src/billing/invoice.ts',
    `
/**
 * Makes the invoice of a month.
 *
» * TODO: taxes of other countries.
 * @param month the month
 * @returns the invoice
 */
export function invoice(month: Month): Invoice {
  return build(month);
}
`,
  ],
  [
    'in JSX',
    'src/components/Header.tsx',
    `
export const Header = () => (
  <header>
    <Logo />
»    {/* TODO: add the user menu */}
  </header>
);
`,
  ],
  [
    'with an owner',
    'src/api/client.mts',
    `
export async function get<T>(path: string): Promise<T> {
»  // FIXME(maria): retry on 429
  const response = await fetch(BASE + path);
  return response.json();
}
`,
  ],
  [
    'without a space',
    'lib/format.js',
    `
module.exports.money = function money(cents) {
»  //TODO support other currencies
  return '$' + (cents / 100).toFixed(2);
};
`,
  ],
  [
    'in small letters',
    'src/hooks/useOrders.ts',
    `
export function useOrders() {
»  // todo: paginate
  return useQuery({ queryKey: ['orders'], queryFn: fetchOrders });
}
`,
  ],
  [
    'HACK',
    'src/components/Map.jsx',
    `
export function Map({ center }) {
  useEffect(() => {
»    // HACK: leaflet needs a resize event to paint its tiles
    window.dispatchEvent(new Event('resize'));
  }, []);
  return <div id="map" data-center={center} />;
}
`,
  ],
  [
    'XXX',
    'src/db/migrate.cjs',
    `
exports.up = async (knex) => {
»  // XXX this locks the table
  await knex.schema.alterTable('orders', (table) => table.index('customer_id'));
};
`,
  ],
  [
    'a tag of JSDoc',
    'src/search/rank.ts',
    `
/**
 * Ranks the hits.
» * @todo use the click data
 */
export const rank = (hits: Hit[]) => hits.sort((a, b) => b.score - a.score);
`,
  ],
  [
    'between the members of a class',
    'src/queue/Worker.ts',
    `
export class Worker {
  #jobs: Job[] = [];

»  // TODO(#482): stop() should wait for the running job
  @bound
  stop(): void {
    this.#jobs.length = 0;
  }
}
`,
  ],
  [
    'between parameters',
    'src/mail/send.ts',
    `
export async function send(
  to: string,
  subject: string,
»  body: string, // TODO: html
): Promise<void> {
  await transport.sendMail({ to, subject, text: body });
}
`,
  ],
  [
    'in an expression of a template string',
    'src/mail/greeting.ts',
    `
export const greeting = (user: User) =>
»  \`Hello \${/* TODO: use the preferred name */ user.firstName}!\`;
`,
  ],
  [
    'in an attribute of JSX',
    'src/components/BuyButton.tsx',
    `
export const BuyButton = ({ sku }: { sku: string }) => (
  <button
    type="button"
»    // FIXME: the handler is not passed yet
    disabled
    data-sku={sku}
  >
    Buy
  </button>
);
`,
  ],
  [
    'in an otherwise empty function',
    'src/webhooks/stripe.ts',
    `
export function onRefund(event: RefundEvent): void {
»  // TODO implement
}
`,
  ],
  [
    'in a type',
    'src/types/order.ts',
    `
export interface Order {
  id: string;
»  status: string; /* FIXME: a union */
  total: number;
}
`,
  ],
  [
    'after words',
    'src/i18n/load.ts',
    `
export function load(locale: string): Messages {
»  // The fallback chain is missing here. TODO: region, then language, then en.
  return messages[locale] ?? messages['en'];
}
`,
  ],
]);

export const TODO_CLEAN = lookAlikes('no-todo', [
  [
    'a string',
    'src/board/columns.ts',
    `
export const COLUMNS = ['TODO', 'DOING', 'DONE'] as const;
export const DEFAULT_TITLE = 'TODO: name this card';
`,
  ],
  [
    'identifiers',
    'src/todos/todoSlice.ts',
    `
export const addTodo = (todos: Todo[], todo: Todo): Todo[] => [...todos, todo];
export enum TodoState { TODO, FIXME }
`,
  ],
  [
    'a comment about a todo list',
    'src/todos/TodoList.tsx',
    `
/** The todo list of the signed-in user: one todo a row. */
export const TodoList = ({ todos }: Props) => <ul>{todos.map((todo) => <li key={todo.id}>{todo.title}</li>)}</ul>;
`,
  ],
  [
    'the name of a todo list app in a comment',
    'src/app.ts',
    `
// The API of the todo list app. Every todo has an owner.
export const app = express();
`,
  ],
  [
    'text in JSX',
    'src/board/Column.tsx',
    `
export const Todo = () => <h2>TODO</h2>;
export const Hint = () => <p>FIXME and XXX are shown in red.</p>;
`,
  ],
  [
    'a regular expression',
    'src/lint/find-marks.ts',
    `
export const MARKS = /\\b(?:TODO|FIXME|XXX|HACK)\\b/g;
`,
  ],
  [
    'what looks like a comment is in a template string',
    'src/scaffold/template.ts',
    `
export const template = (name: string) => \`export function \${name}() {
  // TODO: write your code here
}
\`;
`,
  ],
  [
    'the address of a page',
    'src/links.ts',
    `
export const TODO_URL = 'https://example.com//TODO/list';
`,
  ],
  [
    'words that contain the letters',
    'src/social/post.ts',
    `
// Posts to Mastodon; the photodocument is attached. For the hackathon of 2024.
export const post = (text: string) => mastodon.statuses.create({ status: text });
`,
  ],
  [
    'a mask of digits in a comment',
    'src/lib/ssn.ts',
    `
// Shows a number as XXX-XX-1234.
export const mask = (ssn: string) => \`XXX-XX-\${ssn.slice(-4)}\`;
`,
  ],
  [
    'a size of clothes',
    'src/catalog/sizes.ts',
    `
export const SIZES = { XXX_LARGE: 'XXXL', XXX: 'xxx' };
`,
  ],
]);
