import { lookAlikes, seeds } from './seed.ts';

export const ANY = seeds('no-any', [
  [
    'a parameter',
    'src/services/webhook.ts',
    `
»export function handleWebhook(payload: any) {
  return payload.data.object;
}
`,
  ],
  [
    'a result',
    'src/lib/parse.ts',
    `
»export function parse(text: string): any {
  return JSON.parse(text);
}
`,
  ],
  [
    'an assertion',
    'src/components/Chart.tsx',
    `
export function Chart({ data }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
»    (window as any).renderChart(ref.current, data);
  }, [data]);
  return <div ref={ref} />;
}
`,
  ],
  [
    'an assertion with angle brackets',
    'src/legacy/bridge.ts',
    `
export function bridge(): Bridge {
»  const host = <any>globalThis;
  return host.__bridge;
}
`,
  ],
  [
    'an array',
    'src/reports/rows.ts',
    `
»let rows: any[] = [];
export const add = (row: Row) => void rows.push(row);
`,
  ],
  [
    'the argument of a generic',
    'src/api/request.ts',
    `
export const request = async (
  path: string,
»): Promise<any> => {
  const response = await fetch(path);
  return response.json();
};
`,
  ],
  [
    'a record',
    'src/types/settings.d.ts',
    `
export interface Settings {
  name: string;
»  values: Record<string, any>;
}
`,
  ],
  [
    'the default of a generic',
    'src/types/response.ts',
    `
»export interface ApiResponse<T = any> {
  data: T;
  status: number;
}
`,
  ],
  [
    'the bound of a generic',
    'src/lib/memoize.ts',
    `
»export function memoize<F extends (...args: any[]) => unknown>(fn: F): F {
  const cache = new Map<string, unknown>();
  return ((...args: Parameters<F>) => cache.get(JSON.stringify(args)) ?? fn(...args)) as F;
}
`,
  ],
  [
    'a caught error',
    'src/jobs/import.ts',
    `
export async function runImport(job: Job) {
  try {
    await load(job);
»  } catch (error: any) {
    throw new ImportError(error.message, { cause: error });
  }
}
`,
  ],
  [
    'a state',
    'src/pages/Profile.tsx',
    `
export function Profile() {
»  const [user, setUser] = useState<any>(null);
  useEffect(() => void load().then(setUser), []);
  return <h1>{user?.name}</h1>;
}
`,
  ],
  [
    'an index signature',
    'src/types/json.mts',
    `
export type Bag = {
  id: string;
»  [key: string]: any;
};
`,
  ],
  [
    'a field of a class',
    'src/cache/Cache.ts',
    `
export class Cache {
»  private store: Map<string, any> = new Map();

  get(key: string): unknown {
    return this.store.get(key);
  }
}
`,
  ],
  [
    'a field that is assigned later',
    'src/db/Repository.ts',
    `
export abstract class Repository {
  @Inject('DB')
»  protected db!: any;
}
`,
  ],
  [
    'an overload',
    'src/events/on.ts',
    `
export function on(event: 'open', listener: () => void): void;
»export function on(event: string, listener: (value: any) => void): void;
export function on(event: string, listener: (value: never) => void): void {
  bus.add(event, listener);
}
`,
  ],
  [
    'in a union',
    'src/forms/value.ts',
    `
»export type FieldValue = string | number | any;
`,
  ],
  [
    'a tuple',
    'src/hooks/useAsync.ts',
    `
»export function useAsync(fn: () => Promise<unknown>): [any, boolean] {
  const [value, setValue] = useState<unknown>();
  useEffect(() => void fn().then(setValue), [fn]);
  return [value, value === undefined];
}
`,
  ],
  [
    'a conditional type',
    'src/types/infer.ts',
    `
export type Handler<T> =
»  T extends (...args: infer A) => any
    ? (...args: A) => void
    : never;
`,
  ],
  [
    'a component of JSX with a type argument',
    'src/pages/Users.tsx',
    `
export const Users = ({ rows }: Props) => (
  <main>
»    <Table<any> rows={rows} />
  </main>
);
`,
  ],
  [
    'a decorator',
    'src/decorators/log.ts',
    `
»export function Log(target: any, key: string, descriptor: PropertyDescriptor) {
  const original = descriptor.value;
  descriptor.value = function (...args: unknown[]) {
    logger.info({ key });
    return original.apply(this, args);
  };
}
`,
  ],
  [
    'an async generator',
    'src/streams/lines.ts',
    `
»export async function* events(source: ReadableStream): AsyncGenerator<any, void, unknown> {
  for await (const chunk of source) yield JSON.parse(chunk);
}
`,
  ],
  [
    'a type guard and a destructured parameter',
    'src/components/Row.tsx',
    `
»export const Row = ({ item, onSelect }: any) => <tr onClick={() => onSelect(item.id)}><td>{item.name}</td></tr>;
`,
  ],
  [
    'through unknown, satisfies',
    'src/config/load.ts',
    `
export const config = {
  port: 3000,
  host: 'localhost',
»} satisfies Record<string, any>;
`,
  ],
]);

export const ANY_CLEAN = lookAlikes('no-any', [
  [
    'methods of this name',
    'src/lib/first.ts',
    `
export const first = (work: Promise<string>[]) => Promise.any(work);
export const either = (a: AbortSignal, b: AbortSignal) => AbortSignal.any([a, b]);
`,
  ],
  [
    'a literal type',
    'src/filters/match.ts',
    `
export type Match = 'any' | 'all';
export const match: Match = 'any';
`,
  ],
  [
    'a key and a variable',
    'src/lib/some.ts',
    `
export const any = (values: boolean[]) => values.some(Boolean);
export const ops = { any, all: (values: boolean[]) => values.every(Boolean) };
`,
  ],
  [
    'a comment',
    'src/lib/note.ts',
    `
// Takes any value: any is fine here, as any of them is checked.
export const note = (value: unknown): string => String(value);
`,
  ],
  [
    'a schema',
    'src/schemas/event.ts',
    `
import { z } from 'zod';
export const event = z.object({ name: z.string(), payload: z.any() });
`,
  ],
  [
    'text in JSX',
    'src/components/Empty.tsx',
    `
export const Empty = () => <p title="any">There is not any: any will do</p>;
`,
  ],
  [
    'a string that looks like code',
    'src/scaffold/types.ts',
    `
export const SOURCE = 'let x: any = <any>y as any;';
export const TEMPLATE = \`function f(a: any): any {}\`;
`,
  ],
  [
    'unknown and never',
    'src/types/fn.ts',
    `
export type Fn = (...args: never[]) => unknown;
export type Bag = Record<string, unknown>;
`,
  ],
  [
    'names that contain it',
    'src/types/company.ts',
    `
export interface Company { company: string; many: Many[]; }
export type Many = AnyRecord | Anything;
type AnyRecord = Record<string, unknown>;
type Anything = unknown;
`,
  ],
  [
    'a member of an enum and a property of a type',
    'src/types/family.ts',
    `
export enum Family { any = 0, ipv4 = 4, ipv6 = 6 }
export interface Rule { any: string; all: string; }
export const pick = (rule: Rule) => rule.any;
`,
  ],
]);
