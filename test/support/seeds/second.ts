/**
 * The second set of seeded violations and look-alikes, by an author who knew neither the validator nor the first set.
 * A `»` in the code stands before the line that has to be reported; it is taken out. Secrets are put together here.
 */
interface Seed {
  rule: string;
  variant: string;
  file: string;
  code: string;
  line: number;
}

interface LookAlike {
  rule: string;
  why: string;
  file: string;
  code: string;
}

const bad = (rule: string, variant: string, file: string, marked: string): Seed => {
  const text = marked.replace(/^\n/, '');
  const at = text.indexOf('»');
  if (at === -1) throw new Error(`${rule}, ${variant}: no line is marked`);
  return { rule, variant, file, code: text.replace('»', ''), line: text.slice(0, at).split('\n').length };
};

const fine = (rule: string, why: string, file: string, code: string): LookAlike => ({
  rule,
  why,
  file,
  code: code.replace(/^\n/, ''),
});

const AWS = ['AK', 'IA', 'Q7ZT4MXW2PLR', '6KND'].join('');
const STRIPE = ['sk_', 'live_', '51Nq8ZkLw3RtYv', 'Hx7Bc2Mf9Jd'].join('');
const OPENAI = ['sk-', 'proj-', 'w8Kd2nVbQ4xTz6LmR1yPc', '9HsJf3GaUe7NoWi5BvXr0D'].join('');
const SLACK = ['xo', 'xb-', '2847561930-', '3948571620394-', 'Qm7LzXc2VbNk9RtYwPs4HdJf'].join('');
const GOOGLE = ['AI', 'za', 'SyD3kLm9QwXz', '7RtVb2NcHf5JpYs8GaUe1T4'].join('');
const SENDGRID = ['S', 'G.', 'kT7mQzXw2LrVb9NcHf5JpY.', 'aU3sGe8RtKd1MnWx6ZqLp4VbYcHj7TfBo2NsXr9QwEi'].join('');
const SHORT_GITHUB = ['gh', 'p_', '9fK2mXz7Qw4L'].join('');
const JWT = [
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
  'eyJzdWIiOiI0ODE1MTYyMzQyIiwicm9sZSI6InNlcnZpY2UifQ',
  'k3Vt9QxLm2ZrWb7NcHf5JpYs8GaUe1T4RdKo6XiMzPw',
].join('.');
const BEGIN_KEY = ['-----BEGIN ', 'RSA PRIV', 'ATE KEY-----'].join('');
const END_KEY = ['-----END ', 'RSA PRIV', 'ATE KEY-----'].join('');
const KEY_BODY = ['MIIEowIBAAKCAQEAw7Zk3Vt9QxLm2ZrWb7NcHf5JpYs8GaUe1T4RdKo6XiMzPwQ', 'b8Yh2LrTfVn4KcXe9JsGm1UoWd6ApZi3'].join(
  '\n',
);
const DATABASE = ['postgres', '://orders_app:', 'vT9xQ2mLw7', '@db-prod.internal.acme.io:5432/orders'].join('');
const REDIS = ['redis', '://default:', 'Zk7Rm2Xw9Lq', '@cache.acme.io:6380/0'].join('');

export const SECOND: readonly Seed[] = [
  // ---------------------------------------------------------------- no-fake-async
  bad(
    'no-fake-async',
    'a service that waits and returns literal rows',
    'src/services/orders.ts',
    `
import type { Order } from '../types/order';

export async function fetchOrders(customerId: string): Promise<Order[]> {
»  await new Promise((resolve) => setTimeout(resolve, 800));
  return [
    { id: 'ord_1', customerId, total: 129.9, status: 'shipped' },
    { id: 'ord_2', customerId, total: 49, status: 'pending' },
  ];
}
`,
  ),
  bad(
    'no-fake-async',
    'a promise resolved with a made-up user, in a context provider',
    'src/context/AuthProvider.tsx',
    `
import { createContext, useState, type ReactNode } from 'react';
import type { User } from '../types';

export const AuthContext = createContext<{ user: User | null; login(email: string): Promise<void> } | null>(null);

export function AuthProvider({ children }: { children: ReactNode }) {
  const [user, setUser] = useState<User | null>(null);

  const login = (email: string) =>
    new Promise<void>((resolve) => {
»      setTimeout(() => {
        setUser({ id: 'u_1', email, name: 'Jane Doe', role: 'admin' });
        resolve();
      }, 1200);
    });

  return <AuthContext.Provider value={{ user, login }}>{children}</AuthContext.Provider>;
}
`,
  ),
  bad(
    'no-fake-async',
    'an imported sleep in a Next route handler',
    'app/api/checkout/route.ts',
    `
import { NextResponse } from 'next/server';
import { sleep } from '@/lib/sleep';

export async function POST(request: Request) {
  const { items } = (await request.json()) as { items: string[] };
  if (items.length === 0) return NextResponse.json({ error: 'Empty cart' }, { status: 400 });
»  await sleep(1500);
  return NextResponse.json({ success: true, orderId: 'ORD-10428', eta: '3-5 business days' });
}
`,
  ),
  bad(
    'no-fake-async',
    'timers/promises with the value as its second argument, aliased',
    'src/routes/profile.ts',
    `
import { setTimeout as later } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

export default async function profileRoutes(app: FastifyInstance) {
  app.get('/profile', async () => {
»    const profile = await later(600, { id: 7, name: 'Ada Lovelace', plan: 'pro' });
    return { profile };
  });
}
`,
  ),
  bad(
    'no-fake-async',
    'a comment that says it, in a Vue composable',
    'src/composables/useInvoices.ts',
    `
import { ref } from 'vue';
import { INVOICES } from '../data/invoices';

export function useInvoices() {
  const invoices = ref<typeof INVOICES>([]);
  const pending = ref(false);

  async function load() {
    pending.value = true;
»    // Simulate network latency
    await new Promise<void>((done) => window.setTimeout(done, 500));
    invoices.value = INVOICES;
    pending.value = false;
  }

  return { invoices, pending, load };
}
`,
  ),
  bad(
    'no-fake-async',
    'a timer that ends saving, with nothing saved',
    'src/components/SettingsForm.tsx',
    `
import { useState, type FormEvent } from 'react';

export function SettingsForm() {
  const [isSaving, setIsSaving] = useState(false);
  const [isSaved, setIsSaved] = useState(false);

  const handleSubmit = (event: FormEvent) => {
    event.preventDefault();
    setIsSaving(true);
»    setTimeout(() => {
      setIsSaving(false);
      setIsSaved(true);
    }, 1000);
  };

  return (
    <form onSubmit={handleSubmit}>
      <button disabled={isSaving}>{isSaving ? 'Saving…' : 'Save'}</button>
      {isSaved && <p role="status">Your settings were saved.</p>}
    </form>
  );
}
`,
  ),
  bad(
    'no-fake-async',
    'callback style',
    'src/payments/charge.ts',
    `
export interface ChargeResult {
  status: 'succeeded' | 'failed';
  reference: string;
}

export function chargeCard(
  cardId: string,
  amount: number,
  callback: (error: Error | null, result?: ChargeResult) => void,
): void {
  if (amount <= 0) {
    callback(new Error('The amount has to be positive'));
    return;
  }
»  setTimeout(() => callback(null, { status: 'succeeded', reference: 'ch_' + cardId }), 500);
}
`,
  ),
  bad(
    'no-fake-async',
    'a Nest service with a delay of its own',
    'src/catalog/catalog.service.ts',
    `
import { Injectable } from '@nestjs/common';

@Injectable()
export class CatalogService {
  async findFeatured() {
»    await this.delay(300);
    return [
      { sku: 'CH-01', title: 'Oak chair', price: 149 },
      { sku: 'TB-02', title: 'Walnut table', price: 899 },
    ];
  }

  private delay(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}
`,
  ),
  bad(
    'no-fake-async',
    'React Native: sample items and the end of loading, in an effect',
    'src/screens/FeedScreen.tsx',
    `
import { useEffect, useState } from 'react';
import { ActivityIndicator, FlatList, Text } from 'react-native';

const SAMPLE_POSTS = [
  { id: '1', title: 'Welcome to the app' },
  { id: '2', title: 'Ten tips for your first week' },
];

export function FeedScreen() {
  const [posts, setPosts] = useState<typeof SAMPLE_POSTS>([]);
  const [loading, setLoading] = useState(true);

  useEffect(() => {
»    const timer = setTimeout(() => {
      setPosts(SAMPLE_POSTS);
      setLoading(false);
    }, 1500);
    return () => clearTimeout(timer);
  }, []);

  if (loading) return <ActivityIndicator />;
  return <FlatList data={posts} renderItem={({ item }) => <Text>{item.title}</Text>} />;
}
`,
  ),
  bad(
    'no-fake-async',
    'promisify, and a delay as a default parameter',
    'src/lib/verify-email.ts',
    `
import { promisify } from 'node:util';

const wait = promisify(setTimeout);

export async function verifyEmail(code: string, latency = 900): Promise<{ ok: boolean; reason?: string }> {
»  await wait(latency);
  return code.length === 6 ? { ok: true } : { ok: false, reason: 'Invalid code' };
}
`,
  ),

  // ---------------------------------------------------------------- no-fake-data
  bad(
    'no-fake-data',
    'metrics of a dashboard',
    'src/routes/metrics.ts',
    `
import { Router } from 'express';

export const metrics = Router();

metrics.get('/metrics/summary', (_req, res) => {
  res.json({
»    activeUsers: Math.floor(Math.random() * 1000) + 500,
    uptime: process.uptime(),
  });
});
`,
  ),
  bad(
    'no-fake-data',
    'prices of a ticker, in a class',
    'src/market/ticker.gateway.ts',
    `
import { WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Server } from 'socket.io';

@WebSocketGateway()
export class TickerGateway {
  @WebSocketServer() private readonly server!: Server;
  private last = 182.4;

  tick(symbol: string): void {
»    this.last = this.last + (Math.random() - 0.5) * 2;
    this.server.emit('price', { symbol, price: this.last, at: Date.now() });
  }
}
`,
  ),
  bad(
    'no-fake-data',
    'a status by chance',
    'src/devices/status.ts',
    `
export type DeviceStatus = 'online' | 'offline';

export async function getDeviceStatus(deviceId: string): Promise<{ deviceId: string; status: DeviceStatus }> {
»  const status: DeviceStatus = Math.random() > 0.3 ? 'online' : 'offline';
  return { deviceId, status };
}
`,
  ),
  bad(
    'no-fake-data',
    'a failure by chance',
    'src/payments/gateway.ts',
    `
export class PaymentDeclined extends Error {}

export async function authorize(cardToken: string, cents: number): Promise<{ authorized: true; cents: number; cardToken: string }> {
»  if (Math.random() < 0.1) {
    throw new PaymentDeclined('The card was declined');
  }
  return { authorized: true, cents, cardToken };
}
`,
  ),
  bad(
    'no-fake-data',
    'faker in a Next page',
    'app/customers/page.tsx',
    `
»import { faker } from '@faker-js/faker';
import { CustomerTable } from '@/components/CustomerTable';

export default function CustomersPage() {
  const customers = Array.from({ length: 25 }, () => ({
    id: faker.string.uuid(),
    name: faker.person.fullName(),
    email: faker.internet.email(),
  }));
  return <CustomerTable rows={customers} />;
}
`,
  ),
  bad(
    'no-fake-data',
    'faker imported on demand',
    'src/server/team.ts',
    `
export async function loadTeam(size: number) {
»  const { fakerDE: person } = await import('@faker-js/faker');
  return Array.from({ length: size }, () => ({ name: person.person.fullName(), title: person.person.jobTitle() }));
}
`,
  ),
  bad(
    'no-fake-data',
    'random taken out of Math',
    'src/monitoring/host.ts',
    `
const { floor, random } = Math;

export function readHostLoad(host: string) {
  return {
    host,
»    cpu: floor(random() * 100),
    memory: process.memoryUsage().rss,
  };
}
`,
  ),
  bad(
    'no-fake-data',
    'the points of a chart, in a memo',
    'src/components/RevenueChart.tsx',
    `
import { useMemo } from 'react';
import { Line, LineChart, XAxis } from 'recharts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'];

export function RevenueChart() {
  const data = useMemo(
    () =>
      MONTHS.map((month) => ({
        month,
»        revenue: Math.round(Math.random() * 50_000),
      })),
    [],
  );
  return (
    <LineChart width={600} height={240} data={data}>
      <XAxis dataKey="month" />
      <Line dataKey="revenue" />
    </LineChart>
  );
}
`,
  ),
  bad(
    'no-fake-data',
    'a template string in JSX',
    'src/components/KpiRow.tsx',
    `
import { Stat } from './Stat';

export const KpiRow = ({ orders }: { orders: number }) => (
  <div className="kpi-row">
    <Stat label="Orders" value={String(orders)} />
»    <Stat label="Conversion" value={\`\${(Math.random() * 10).toFixed(1)}%\`} />
  </div>
);
`,
  ),
  bad(
    'no-fake-data',
    'a made-up confidence of a model',
    'src/ai/sentiment.ts',
    `
export interface Sentiment {
  label: 'positive' | 'negative';
  confidence: number;
}

export function analyzeSentiment(text: string): Sentiment {
  const label = /love|great|good/i.test(text) ? 'positive' : 'negative';
»  return { label, confidence: 0.85 + Math.random() * 0.14 };
}
`,
  ),

  // ---------------------------------------------------------------- no-todo
  bad(
    'no-todo',
    'a plain line',
    'src/api/users.ts',
    `
import { http } from './http';

»// TODO: handle pagination
export const listUsers = () => http.get<{ id: string; name: string }[]>('/users');
`,
  ),
  bad(
    'no-todo',
    'a block on one line',
    'src/session/refresh.ts',
    `
import { store } from './store';

export async function refresh(): Promise<void> {
  /* istanbul ignore next */
  if (!store.session) return;
»  /* FIXME: races with logout when two tabs are open */
  store.session = await store.renew(store.session);
}
`,
  ),
  bad(
    'no-todo',
    'in JSDoc',
    'src/billing/refund.ts',
    `
import { stripe } from './stripe';

/**
 * Refunds a charge.
 *
 * @param chargeId the id of the charge
» * @todo support partial refunds
 */
export function refund(chargeId: string) {
  return stripe.refunds.create({ charge: chargeId });
}
`,
  ),
  bad(
    'no-todo',
    'in JSX',
    'src/components/Header.tsx',
    `
export function Header({ name }: { name: string }) {
  return (
    <header>
»      {/* TODO replace with the real avatar once the CDN is there */}
      <img src="/avatar.png" alt={name} />
    </header>
  );
}
`,
  ),
  bad(
    'no-todo',
    'behind code',
    'src/hooks/useViewport.ts',
    `
import { useEffect } from 'react';

export function useViewport(): void {
  useEffect(() => {
»    document.documentElement.style.height = window.innerHeight + 'px'; // HACK: 100vh is wrong in Safari
  }, []);
}
`,
  ),
  bad(
    'no-todo',
    'XXX with no colon',
    'src/workers/thumbnails.ts',
    `
import { parentPort } from 'node:worker_threads';
import sharp from 'sharp';

parentPort?.on('message', async (path: string) => {
»  // XXX leaks the buffer when sharp throws
  const image = await sharp(path).resize(320).toBuffer();
  parentPort?.postMessage(image);
});
`,
  ),
  bad(
    'no-todo',
    'no space, with a name',
    'src/db/migrate.ts',
    `
import { knex } from './knex';

export const migrate = async () => {
»  //TODO(anna) drop the old column after the rollout
  await knex.schema.alterTable('users', (table) => {
    table.string('display_name');
  });
};
`,
  ),
  bad(
    'no-todo',
    'lower case',
    'src/routes/signup.ts',
    `
import type { FastifyInstance } from 'fastify';
import { createAccount } from '../accounts';

export default async function signup(app: FastifyInstance) {
  app.post<{ Body: { email: string } }>('/signup', async (request, reply) => {
»    // todo: validate the email
    const account = await createAccount(request.body.email);
    return reply.code(201).send(account);
  });
}
`,
  ),
  bad(
    'no-todo',
    'in the middle of a block',
    'src/search/index.ts',
    `
import { client } from './client';

/*
  Looks in titles first, then in bodies.
  Results are ranked by the client.

»  FIXME - ranking ignores the language of the reader
*/
export const search = (words: string) => client.search({ index: 'articles', q: words });
`,
  ),
  bad(
    'no-todo',
    'in the substitution of a template string',
    'src/mail/welcome.ts',
    `
export function welcome(name: string, link: string): string {
  return \`
    <h1>Welcome, \${name}!</h1>
»    <p><a href="\${link /* TODO: escape */}">Confirm your address</a></p>
  \`;
}
`,
  ),

  // ---------------------------------------------------------------- no-any
  bad(
    'no-any',
    'parameters of an Express handler',
    'src/controllers/upload.ts',
    `
import { storage } from '../storage';

»export const upload = async (req: any, res: { json(body: unknown): void }) => {
  const saved = await storage.put(req.file);
  res.json({ url: saved.url });
};
`,
  ),
  bad(
    'no-any',
    'an assertion in a chain',
    'src/lib/analytics.ts',
    `
export function track(event: string, properties: Record<string, string>): void {
»  (window as any).dataLayer?.push({ event, ...properties });
}
`,
  ),
  bad(
    'no-any',
    'in a Record in an interface',
    'src/types/webhook.ts',
    `
export interface WebhookEvent {
  id: string;
  type: string;
»  payload: Record<string, any>;
}
`,
  ),
  bad(
    'no-any',
    'the default of a type parameter',
    'src/api/response.ts',
    `
»export interface ApiResponse<TData = any, TMeta = unknown> {
  data: TData;
  meta: TMeta;
}
`,
  ),
  bad(
    'no-any',
    'a type argument of a hook',
    'src/components/UserCard.tsx',
    `
import { useEffect, useState } from 'react';
import { getUser } from '../api/users';

export function UserCard({ id }: { id: string }) {
»  const [user, setUser] = useState<any>(null);
  useEffect(() => {
    void getUser(id).then(setUser);
  }, [id]);
  return <p>{user?.name}</p>;
}
`,
  ),
  bad(
    'no-any',
    'the variable of a catch',
    'src/lib/request.ts',
    `
import { report } from './report';

export async function request(url: string): Promise<Response | undefined> {
  try {
    return await fetch(url);
»  } catch (err: any) {
    report(err.message);
    return undefined;
  }
}
`,
  ),
  bad(
    'no-any',
    'the result of a repository method',
    'src/reports/reports.repository.ts',
    `
import type { Pool } from 'pg';

export class ReportsRepository {
  constructor(private readonly pool: Pool) {}

  async monthly(
    year: number,
    month: number,
»  ): Promise<any[]> {
    const { rows } = await this.pool.query('select * from reports where year = $1 and month = $2', [year, month]);
    return rows;
  }
}
`,
  ),
  bad(
    'no-any',
    'a decorated parameter of a Nest controller',
    'src/hooks/hooks.controller.ts',
    `
import { Body, Controller, Post } from '@nestjs/common';
import { HooksService } from './hooks.service';

@Controller('hooks')
export class HooksController {
  constructor(private readonly hooks: HooksService) {}

  @Post('stripe')
»  receive(@Body() body: any) {
    return this.hooks.handle(body);
  }
}
`,
  ),
  bad(
    'no-any',
    'in the constraint of a generic function',
    'src/utils/memoize.ts',
    `
»export function memoize<F extends (...args: any[]) => unknown>(fn: F): F {
  const cache = new Map<string, unknown>();
  return ((...args: Parameters<F>) => {
    const key = JSON.stringify(args);
    if (!cache.has(key)) cache.set(key, fn(...args));
    return cache.get(key);
  }) as F;
}
`,
  ),
  bad(
    'no-any',
    'an index signature in a global declaration',
    'src/globals.ts',
    `
declare global {
  interface Window {
    __APP_CONFIG__: {
      apiUrl: string;
»      [key: string]: any;
    };
  }
}

export const apiUrl = (): string => window.__APP_CONFIG__.apiUrl;
`,
  ),

  // ---------------------------------------------------------------- no-lint-disable
  bad(
    'no-lint-disable',
    'the dependencies of an effect',
    'src/hooks/useOnMount.ts',
    `
import { useEffect } from 'react';

export function useOnMount(run: () => void): void {
  useEffect(() => {
    run();
»    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
}
`,
  ),
  bad(
    'no-lint-disable',
    'a whole file',
    'src/lib/legacy-format.ts',
    `
»/* eslint-disable */
export function format(value: number, unit: string) {
  var text = value.toFixed(2);
  return text + ' ' + unit;
}
`,
  ),
  bad(
    'no-lint-disable',
    '@ts-ignore above an import',
    'src/components/Editor.tsx',
    `
import { useRef } from 'react';
»// @ts-ignore
import Quill from 'quill-image-resize';

export function Editor() {
  const root = useRef<HTMLDivElement>(null);
  return <div ref={root} onFocus={() => new Quill(root.current)} />;
}
`,
  ),
  bad(
    'no-lint-disable',
    '@ts-nocheck behind a licence',
    'src/vendor/polyfill.ts',
    `
/**
 * Copyright 2024 Acme Inc.
 */
»// @ts-nocheck

export const raf = window.requestAnimationFrame || window.webkitRequestAnimationFrame;
`,
  ),
  bad(
    'no-lint-disable',
    "biome-ignore with Biome's own placeholder",
    'src/components/Rows.tsx',
    `
export function Rows({ rows }: { rows: string[] }) {
  return (
    <ul>
      {rows.map((row, index) => (
»        // biome-ignore lint/suspicious/noArrayIndexKey: <explanation>
        <li key={index}>{row}</li>
      ))}
    </ul>
  );
}
`,
  ),
  bad(
    'no-lint-disable',
    'oxlint',
    'src/jobs/sync.ts',
    `
import { push } from './push';

export async function sync(batches: string[][]): Promise<void> {
  for (const batch of batches) {
»    // oxlint-disable-next-line no-await-in-loop
    await push(batch);
  }
}
`,
  ),
  bad(
    'no-lint-disable',
    'tslint',
    'src/app/app.module.ts',
    `
import { NgModule } from '@angular/core';
import { SharedModule } from './shared.module';

»// tslint:disable-next-line:max-line-length
@NgModule({ imports: [SharedModule], exports: [SharedModule] })
export class AppModule {}
`,
  ),
  bad(
    'no-lint-disable',
    'in JSX',
    'app/components/Logo.tsx',
    `
export function Logo({ src }: { src: string }) {
  return (
    <a href="/">
»      {/* eslint-disable-next-line @next/next/no-img-element, jsx-a11y/alt-text */}
      <img src={src} />
    </a>
  );
}
`,
  ),
  bad(
    'no-lint-disable',
    'on the line itself, several rules',
    'src/store/reducer.ts',
    `
interface State {
  count: number;
}

export function increment(state: State): State {
»  state.count++; // eslint-disable-line no-param-reassign, no-plusplus
  return state;
}
`,
  ),
  bad(
    'no-lint-disable',
    '@ts-ignore in JSX attributes',
    'src/screens/MapScreen.tsx',
    `
import MapView from 'react-native-maps';

export const MapScreen = () => (
  <MapView
    style={{ flex: 1 }}
»    /* @ts-ignore */
    customMapStyle="dark"
  />
);
`,
  ),

  // ---------------------------------------------------------------- no-console
  bad(
    'no-console',
    'a plain log in a handler',
    'src/routes/orders.ts',
    `
import { Router } from 'express';
import { createOrder } from '../orders';

export const orders = Router();

orders.post('/', async (req, res) => {
»  console.log('Creating order', req.body);
  res.status(201).json(await createOrder(req.body));
});
`,
  ),
  bad(
    'no-console',
    'destructured and renamed',
    'src/lib/cache.ts',
    `
const { debug: trace } = console;

const entries = new Map<string, string>();

export function read(key: string): string | undefined {
  const hit = entries.get(key);
»  trace(\`cache \${hit === undefined ? 'miss' : 'hit'}: \${key}\`);
  return hit;
}
`,
  ),
  bad(
    'no-console',
    'optional chaining',
    'src/sdk/client.ts',
    `
export class Client {
  constructor(private readonly base: string) {}

  async get(path: string): Promise<unknown> {
    const response = await fetch(this.base + path);
»    console?.debug?.('[sdk]', path, response.status);
    return response.json();
  }
}
`,
  ),
  bad(
    'no-console',
    'computed',
    'src/workers/indexer.ts',
    `
import { buildIndex } from '../search/build';

self.onmessage = async (event: MessageEvent<string[]>) => {
  const index = await buildIndex(event.data);
»  console['info']('indexed', event.data.length);
  self.postMessage(index);
};
`,
  ),
  bad(
    'no-console',
    'globalThis',
    'src/server/boot.ts',
    `
import { app } from './app';

export const boot = (port: number) =>
  app.listen(port, () => {
»    globalThis.console.log(\`Listening on http://localhost:\${port}\`);
  });
`,
  ),
  bad(
    'no-console',
    'handed on as a function',
    'src/features/newsletter.ts',
    `
import { post } from '../lib/http';

export function subscribe(email: string): void {
  void post('/newsletter', { email })
»    .then(console.log);
}
`,
  ),
  bad(
    'no-console',
    'a class member that is the console',
    'src/tasks/tasks.service.ts',
    `
import { Injectable } from '@nestjs/common';

@Injectable()
export class TasksService {
  private readonly logger = console;
  run(name: string): void {
»    this.logger.info('running', name);
  }
}
`,
  ),
  bad(
    'no-console',
    'in JSX',
    'src/components/BuyButton.tsx',
    `
export function BuyButton({ sku }: { sku: string }) {
  return (
»    <button type="button" onClick={() => console.log('buy', sku)}>
      Buy now
    </button>
  );
}
`,
  ),
  bad(
    'no-console',
    'a default parameter',
    'src/cli/lib/walk.ts',
    `
import { readdir } from 'node:fs/promises';

»export async function walk(folder: string, log: (text: string) => void = console.log): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  log(\`\${names.length} files in \${folder}\`);
  return names;
}
`,
  ),
  bad(
    'no-console',
    'a table over several lines',
    'src/reports/summary.ts',
    `
interface Row {
  name: string;
  total: number;
}

export function summarize(rows: Row[]): number {
»  console.table(
    rows.map(({ name, total }) => ({ name, total })),
    ['name', 'total'],
  );
  return rows.reduce((sum, { total }) => sum + total, 0);
}
`,
  ),

  // ---------------------------------------------------------------- no-empty-catch
  bad(
    'no-empty-catch',
    'with a variable',
    'src/lib/storage.ts',
    `
export function save(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
»  } catch (e) {}
}
`,
  ),
  bad(
    'no-empty-catch',
    'without a variable, before finally',
    'src/db/transaction.ts',
    `
import { pool } from './pool';

export async function inTransaction(run: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await run();
    await client.query('COMMIT');
»  } catch {
  } finally {
    client.release();
  }
}
`,
  ),
  bad(
    'no-empty-catch',
    'an arrow in a chain',
    'src/lib/telemetry.ts',
    `
export function beacon(name: string): void {
  fetch('/telemetry', { method: 'POST', body: name })
    .then((response) => response.text())
»    .catch(() => {});
}
`,
  ),
  bad(
    'no-empty-catch',
    'noop of lodash',
    'src/player/play.ts',
    `
import { noop } from 'lodash-es';

export function play(video: HTMLVideoElement): void {
»  video.play().catch(noop);
}
`,
  ),
  bad(
    'no-empty-catch',
    'the second argument of then',
    'src/sync/push.ts',
    `
import { api } from '../api';
import { markSynced } from './state';

export const push = (ids: string[]) =>
  api.post('/sync', { ids }).then(
    () => markSynced(ids),
»    () => {},
  );
`,
  ),
  bad(
    'no-empty-catch',
    'a function expression',
    'src/workers/register.ts',
    `
export function register(): void {
  if (!('serviceWorker' in navigator)) return;
»  navigator.serviceWorker.register('/sw.js').catch(function (_error: unknown) {});
}
`,
  ),
  bad(
    'no-empty-catch',
    'a noop of the file',
    'src/notifications/ask.ts',
    `
const noop = () => {};

export async function ask(): Promise<void> {
  await Notification.requestPermission().then((answer) => localStorage.setItem('notifications', answer));
»  await navigator.setAppBadge(0).catch(noop);
}
`,
  ),
  bad(
    'no-empty-catch',
    'nested in a loop in a class',
    'src/import/importer.ts',
    `
import { parse } from './parse';

export class Importer {
  readonly rows: unknown[] = [];

  read(lines: string[]): void {
    for (const line of lines) {
      try {
        this.rows.push(parse(line));
»      } catch (error: unknown) {

      }
    }
  }
}
`,
  ),
  bad(
    'no-empty-catch',
    'in JSX, React Native',
    'src/components/HelpLink.tsx',
    `
import { Linking, Pressable, Text } from 'react-native';

export const HelpLink = ({ url }: { url: string }) => (
»  <Pressable onPress={() => Linking.openURL(url).catch(() => {})}>
    <Text>Help</Text>
  </Pressable>
);
`,
  ),
  bad(
    'no-empty-catch',
    'a noop as a member: _.noop',
    'src/cart/persist.ts',
    `
import _ from 'lodash';
import { api } from '../api';

export const persist = _.debounce((cart: { id: string }) => {
»  void api.put('/carts/' + cart.id, cart).catch(_.noop);
}, 300);
`,
  ),

  // ---------------------------------------------------------------- no-secret
  bad(
    'no-secret',
    'an AWS key in the options of a client',
    'src/lib/s3.ts',
    `
import { S3Client } from '@aws-sdk/client-s3';

export const s3 = new S3Client({
  region: 'eu-central-1',
  credentials: {
»    accessKeyId: '${AWS}',
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY!,
  },
});
`,
  ),
  bad(
    'no-secret',
    'Stripe, as an argument',
    'src/billing/stripe.ts',
    `
import Stripe from 'stripe';

»export const stripe = new Stripe('${STRIPE}', { apiVersion: '2024-06-20' });
`,
  ),
  bad(
    'no-secret',
    'OpenAI behind ||',
    'app/api/chat/route.ts',
    `
import OpenAI from 'openai';

const openai = new OpenAI({
»  apiKey: process.env.OPENAI_API_KEY || '${OPENAI}',
});

export async function POST(request: Request) {
  const { messages } = await request.json();
  const answer = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages });
  return Response.json(answer.choices[0]?.message);
}
`,
  ),
  bad(
    'no-secret',
    'a Slack bot, as a class member',
    'src/notify/slack.ts',
    `
import { WebClient } from '@slack/web-api';

export class SlackNotifier {
»  static readonly #client = new WebClient("${SLACK}");

  send(channel: string, text: string) {
    return SlackNotifier.#client.chat.postMessage({ channel, text });
  }
}
`,
  ),
  bad(
    'no-secret',
    'a private key in a template string',
    'src/auth/sign.ts',
    `
import jwt from 'jsonwebtoken';

»const SIGNING_KEY = \`${BEGIN_KEY}
${KEY_BODY}
${END_KEY}\`;

export const sign = (userId: string) => jwt.sign({ sub: userId }, SIGNING_KEY, { algorithm: 'RS256' });
`,
  ),
  bad(
    'no-secret',
    'a database URL as a default parameter',
    'src/db/connect.ts',
    `
import { Pool } from 'pg';

»export function connect(url = '${DATABASE}'): Pool {
  return new Pool({ connectionString: url, max: 10 });
}
`,
  ),
  bad(
    'no-secret',
    'a bearer token in headers',
    'src/api/http.ts',
    `
export const http = (path: string) =>
  fetch('https://api.acme.io' + path, {
    headers: {
      Accept: 'application/json',
»      Authorization: 'Bearer ${JWT}',
    },
  });
`,
  ),
  bad(
    'no-secret',
    'Google Maps, in the query of a template string in JSX',
    'src/components/StaticMap.tsx',
    `
export function StaticMap({ lat, lng }: { lat: number; lng: number }) {
  return (
    <img
      alt="Map"
»      src={\`https://maps.googleapis.com/maps/api/staticmap?center=\${lat},\${lng}&size=400x300&key=${GOOGLE}\`}
    />
  );
}
`,
  ),
  bad(
    'no-secret',
    'SendGrid, and Redis with a password',
    'src/mail/send.ts',
    `
import sendgrid from '@sendgrid/mail';

»sendgrid.setApiKey('${SENDGRID}');
export const queue = new URL('${REDIS}');

export const send = (to: string, subject: string, html: string) =>
  sendgrid.send({ to, from: 'hello@acme.io', subject, html });
`,
  ),
  bad(
    'no-secret',
    'a GitHub token that is too short',
    'src/github/octokit.ts',
    `
import { Octokit } from '@octokit/rest';

»export const octokit = new Octokit({ auth: "${SHORT_GITHUB}", userAgent: 'acme-bot' });
`,
  ),

  // ---------------------------------------------------------------- no-hard-coded-credential
  bad(
    'no-hard-coded-credential',
    'a constant',
    'src/admin/seed-admin.ts',
    `
import { users } from '../db/users';
import { hash } from './hash';

»const password = 'Winter2024!';

export const createAdmin = async () => users.insert({ email: 'admin@acme.io', passwordHash: await hash(password) });
`,
  ),
  bad(
    'no-hard-coded-credential',
    'a property, nested',
    'src/config/services.ts',
    `
export const services = {
  crm: {
    url: 'https://crm.acme.io/v2',
    auth: {
      user: 'integration',
»      token: '7c1f9be2d04a4e83b6a5',
    },
  },
} as const;
`,
  ),
  bad(
    'no-hard-coded-credential',
    'a JSX attribute',
    'src/App.tsx',
    `
import { SearchProvider } from '@acme/search-react';
import { Routes } from './Routes';

export function App() {
  return (
»    <SearchProvider appId="ACME01" apiKey="a8f5f167f44f4964e6c998dee827110c">
      <Routes />
    </SearchProvider>
  );
}
`,
  ),
  bad(
    'no-hard-coded-credential',
    'behind ?? of the environment',
    'src/auth/auth.module.ts',
    `
import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';

@Module({
  imports: [
    JwtModule.register({
»      secret: process.env.JWT_SECRET ?? 'acme-super-secret-jwt',
      signOptions: { expiresIn: '7d' },
    }),
  ],
})
export class AuthModule {}
`,
  ),
  bad(
    'no-hard-coded-credential',
    'a default in a destructured parameter',
    'src/queue/connect.ts',
    `
import amqp from 'amqplib';

interface Options {
  host?: string;
  username?: string;
  password?: string;
}

»export const connectQueue = ({ host = 'rabbit', username = 'app', password = 'hunter2-rabbit' }: Options = {}) =>
  amqp.connect({ hostname: host, username, password });
`,
  ),
  bad(
    'no-hard-coded-credential',
    'a class member',
    'src/oauth/google.strategy.ts',
    `
export class GoogleOAuth {
  private readonly clientId = '482913-web.apps.acme.io';
»  private readonly clientSecret: string = 'q8Zt-4mXw2PlRk6NdVb';

  body(code: string): URLSearchParams {
    return new URLSearchParams({ code, client_id: this.clientId, client_secret: this.clientSecret });
  }
}
`,
  ),
  bad(
    'no-hard-coded-credential',
    'a template string with no substitution',
    'src/lib/basic-auth.ts',
    `
import type { RequestHandler } from 'express';

»const ADMIN_PASSWORD = \`Adm1n#2023\`;

export const basicAuth: RequestHandler = (req, res, next) => {
  const [, encoded = ''] = (req.headers.authorization ?? '').split(' ');
  const [, given] = Buffer.from(encoded, 'base64').toString().split(':');
  if (given === ADMIN_PASSWORD) next();
  else res.sendStatus(401);
};
`,
  ),
  bad(
    'no-hard-coded-credential',
    'the secret of a session',
    'src/server/session.ts',
    `
import session from 'express-session';

export const sessions = session({
  resave: false,
  saveUninitialized: false,
»  secret: 'keyboard cat',
  cookie: { secure: true },
});
`,
  ),
  bad(
    'no-hard-coded-credential',
    'the default of a schema of the environment',
    'src/env.ts',
    `
import { z } from 'zod';

export const env = z
  .object({
    NODE_ENV: z.enum(['development', 'production']),
»    SESSION_SECRET: z.string().min(8).default('s3ss10n-s3cr3t-acme'),
  })
  .parse(process.env);
`,
  ),
  bad(
    'no-hard-coded-credential',
    'the fallback of a config service',
    'src/database/database.config.ts',
    `
import type { ConfigService } from '@nestjs/config';

export const database = (config: ConfigService) => ({
  type: 'postgres' as const,
  host: config.get<string>('DB_HOST', 'localhost'),
  username: config.get<string>('DB_USER', 'orders'),
»  password: config.get<string>('DB_PASSWORD', 'orders_pw_2023'),
});
`,
  ),
];

export const SECOND_CLEAN: readonly LookAlike[] = [
  // ---------------------------------------------------------------- no-fake-async
  fine(
    'no-fake-async',
    'a plain sleep helper',
    'src/lib/sleep.ts',
    `
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
`,
  ),
  fine(
    'no-fake-async',
    'a timeout in a race',
    'src/lib/with-timeout.ts',
    `
export async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(\`Timed out after \${ms} ms\`)), ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
`,
  ),
  fine(
    'no-fake-async',
    'backoff between tries',
    'src/lib/retry.ts',
    `
export async function retry<T>(run: () => Promise<T>, tries = 5): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= tries) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2 ** attempt * 100));
    }
  }
}
`,
  ),
  fine(
    'no-fake-async',
    'polling',
    'src/exports/wait-for-export.ts',
    `
import { setTimeout as sleep } from 'node:timers/promises';
import { api } from '../api';

export async function waitForExport(id: string): Promise<{ done: true; url: string }> {
  while (true) {
    const job = await api.get<{ state: string; url: string }>('/exports/' + id);
    if (job.state === 'done') return { done: true, url: job.url };
    await sleep(2000);
  }
}
`,
  ),
  fine(
    'no-fake-async',
    'debounce',
    'src/hooks/useDebounced.ts',
    `
import { useEffect, useState } from 'react';

export function useDebounced<T>(value: T, ms = 300): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
`,
  ),
  fine(
    'no-fake-async',
    'a note that goes away',
    'src/components/CopyButton.tsx',
    `
import { useState } from 'react';

export function CopyButton({ text }: { text: string }) {
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), 2000);
  };
  return <button onClick={() => void copy()}>{isCopied ? 'Copied' : 'Copy'}</button>;
}
`,
  ),
  fine(
    'no-fake-async',
    'a spinner that is seen long enough',
    'src/screens/load.ts',
    `
import { getProfile } from '../api/profile';
import { sleep } from '../lib/sleep';

export async function loadProfile(id: string) {
  const [profile] = await Promise.all([getProfile(id), sleep(250)]);
  return { profile, isStale: false };
}
`,
  ),
  fine(
    'no-fake-async',
    'a pause between pages for the sake of a rate limit',
    'src/import/pages.ts',
    `
import { sleep } from '../lib/sleep';

export async function allPages(url: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (let page = 1; ; page++) {
    const response = await fetch(\`\${url}?page=\${page}\`);
    const batch = (await response.json()) as unknown[];
    if (batch.length === 0) return rows;
    rows.push(...batch);
    // The API allows two requests a second.
    await sleep(500);
  }
}
`,
  ),

  // ---------------------------------------------------------------- no-fake-data
  fine(
    'no-fake-data',
    'jitter',
    'src/lib/backoff.ts',
    `
export const backoff = (attempt: number): number => Math.min(30_000, 2 ** attempt * 250) * (0.5 + Math.random() / 2);
`,
  ),
  fine(
    'no-fake-data',
    'an id',
    'src/lib/id.ts',
    `
export const createId = (prefix = 'el'): string => prefix + '-' + Math.random().toString(36).slice(2, 10);
`,
  ),
  fine(
    'no-fake-data',
    'a choice of a backend',
    'src/lib/balance.ts',
    `
export function pickUpstream(upstreams: readonly string[]): string {
  const chosen = upstreams[Math.floor(Math.random() * upstreams.length)];
  if (chosen === undefined) throw new Error('There is no upstream');
  return chosen;
}
`,
  ),
  fine(
    'no-fake-data',
    'sampling by a rate',
    'src/telemetry/sample.ts',
    `
import { send } from './send';

export function trace(span: { name: string; ms: number }, sampleRate: number): void {
  if (Math.random() >= sampleRate) return;
  send(span);
}
`,
  ),
  fine(
    'no-fake-data',
    'particles on a canvas',
    'src/effects/confetti.ts',
    `
interface Particle {
  x: number;
  y: number;
  angle: number;
  hue: number;
}

export const createParticles = (count: number, width: number): Particle[] =>
  Array.from({ length: count }, () => ({
    x: Math.random() * width,
    y: -10,
    angle: Math.random() * Math.PI * 2,
    hue: Math.floor(Math.random() * 360),
  }));
`,
  ),
  fine(
    'no-fake-data',
    'a shuffle',
    'src/quiz/shuffle.ts',
    `
export function shuffle<T>(items: readonly T[]): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
`,
  ),
  fine(
    'no-fake-data',
    'faker in a test',
    'src/orders/orders.test.ts',
    `
import { faker } from '@faker-js/faker';
import { expect, test } from 'vitest';
import { total } from './total';

test('adds up', () => {
  const price = faker.number.int({ min: 1, max: 100 });
  expect(total([{ price, quantity: 2 }])).toBe(price * 2);
});
`,
  ),
  fine(
    'no-fake-data',
    'the variant of an experiment',
    'src/experiments/assign.ts',
    `
export function assignVariant(rollout: number): 'control' | 'treatment' {
  const stored = localStorage.getItem('variant');
  if (stored === 'control' || stored === 'treatment') return stored;
  const variant = Math.random() < rollout ? 'treatment' : 'control';
  localStorage.setItem('variant', variant);
  return variant;
}
`,
  ),

  // ---------------------------------------------------------------- no-todo
  fine(
    'no-todo',
    'a state of a board, in strings',
    'src/board/columns.ts',
    `
export const COLUMNS = ['TODO', 'IN_PROGRESS', 'DONE'] as const;
export const isOpen = (column: string): boolean => column === 'TODO';
`,
  ),
  fine(
    'no-todo',
    'identifiers',
    'src/todos/useTodos.ts',
    `
import { useQuery } from '@tanstack/react-query';
import { fetchTodos, type Todo } from './api';

export const useTodos = () => useQuery<Todo[]>({ queryKey: ['todos'], queryFn: fetchTodos });
export const TODO_LIMIT = 50;
`,
  ),
  fine(
    'no-todo',
    'a comment about the todo list app',
    'src/todos/store.ts',
    `
/** The store of the todo list app: every todo has an owner. */
export interface TodoStore {
  // Todos are sorted by their due date.
  items: { id: string; title: string }[];
}
`,
  ),
  fine(
    'no-todo',
    'text in JSX',
    'src/components/Empty.tsx',
    `
export const Empty = () => (
  <section>
    <h2>TODO</h2>
    <p>No todo left: enjoy your day // or add one.</p>
  </section>
);
`,
  ),
  fine(
    'no-todo',
    'a URL that looks like a comment, in a string',
    'src/api/todo-url.ts',
    `
export const url = (id: number): string => \`https://api.acme.io//TODO/\${id}?kind=FIXME\`;
`,
  ),
  fine(
    'no-todo',
    'words that begin in the same way',
    'src/feed/hackernews.ts',
    `
// Hackathon entries and Hacker News stories share one shape.
export interface Story {
  title: string;
  points: number;
}
`,
  ),
  fine(
    'no-todo',
    'a regular expression',
    'src/lint/markers.ts',
    `
export const MARKERS = /\\/\\/ *(?:TODO|FIXME)/g;
export const countMarkers = (text: string): number => text.match(MARKERS)?.length ?? 0;
`,
  ),

  // ---------------------------------------------------------------- no-any
  fine(
    'no-any',
    'the word in comments and strings',
    'src/lib/match.ts',
    `
// Matches any: of the given words, in any order.
export const matchesAny = (text: string, words: string[]): boolean => words.some((word) => text.includes(word));
export const help = 'value: any of the listed';
`,
  ),
  fine(
    'no-any',
    'Promise.any and AbortSignal.any',
    'src/lib/fastest.ts',
    `
export const fastest = (urls: string[], signal: AbortSignal): Promise<Response> =>
  Promise.any(urls.map((url) => fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) })));
`,
  ),
  fine(
    'no-any',
    'a property and a literal type',
    'src/filters/filter.ts',
    `
export interface Filter {
  any: string[];
  all: string[];
  mode: 'any' | 'all';
}
export const empty: Filter = { any: [], all: [], mode: 'any' };
`,
  ),
  fine(
    'no-any',
    'a variable of that name',
    'src/filters/flags.ts',
    `
export function hasFlag(flags: boolean[]): boolean {
  const any = flags.some(Boolean);
  return any;
}
`,
  ),
  fine(
    'no-any',
    'text in JSX',
    'src/components/Hint.tsx',
    `
export const Hint = ({ count }: { count: number }) => (
  <p title="as any">Upload files: any, as any of them may be empty. {count} left</p>
);
`,
  ),
  fine(
    'no-any',
    'unknown and never where any would be easier',
    'src/utils/once.ts',
    `
export function once<A extends readonly unknown[], R>(fn: (...args: A) => R): (...args: A) => R {
  let result: { value: R } | undefined;
  return (...args) => (result ??= { value: fn(...args) }).value;
}
export type Company = { many: string };
`,
  ),
  fine(
    'no-any',
    'a type in a template string',
    'src/codegen/header.ts',
    `
export const shim = (name: string): string => \`declare module '\${name}' {
  const value: any;
  export default value;
}
\`;
`,
  ),

  // ---------------------------------------------------------------- no-lint-disable
  fine(
    'no-lint-disable',
    'a reason behind two dashes',
    'src/hooks/useConnect.ts',
    `
import { useEffect } from 'react';

export function useConnect(connect: () => () => void): void {
  useEffect(() => {
    return connect();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the connection lives as long as the page does
  }, []);
}
`,
  ),
  fine(
    'no-lint-disable',
    'a reason of Biome',
    'src/components/Stars.tsx',
    `
export const Stars = ({ count }: { count: number }) => (
  <span>
    {Array.from({ length: count }, (_, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: stars have no identity and never move
      <i key={index}>★</i>
    ))}
  </span>
);
`,
  ),
  fine(
    'no-lint-disable',
    '@ts-expect-error with a reason',
    'src/lib/intl.ts',
    `
// @ts-expect-error: TypeScript 5.4 has no types for Intl.DurationFormat yet
export const duration = new Intl.DurationFormat('en', { style: 'short' });
`,
  ),
  fine(
    'no-lint-disable',
    'in a string of a code generator',
    'src/codegen/banner.ts',
    `
export const BANNER = ['/* eslint-disable */', '// @ts-nocheck', '// Generated: do not edit.'].join('\\n');
`,
  ),
  fine(
    'no-lint-disable',
    '@ts-ignore with a reason',
    'src/lib/legacy.ts',
    `
// @ts-ignore: the types of legacy-chart declare a default export that its build does not have
import * as chart from 'legacy-chart';

export const draw = (root: HTMLElement): void => chart.draw(root);
`,
  ),
  fine(
    'no-lint-disable',
    'a setting and an enable are no suppression',
    'src/lib/globals.ts',
    `
/* global BUILD_TIME */
/* eslint-env browser */
/* eslint-enable no-undef */
export const builtAt = (): string => String(BUILD_TIME);
`,
  ),

  // ---------------------------------------------------------------- no-console
  fine(
    'no-console',
    'a logger',
    'src/lib/logger.ts',
    `
import pino from 'pino';

export const logger = pino({ level: 'info' });
logger.info('ready');
logger.debug({ pid: process.pid }, 'console.log is not used here');
`,
  ),
  fine(
    'no-console',
    'code in a string',
    'src/docs/snippet.ts',
    `
export const SNIPPET = \`
import { acme } from '@acme/sdk';
console.log(await acme.me());
\`;
`,
  ),
  fine(
    'no-console',
    'another console: a parameter',
    'src/games/consoles.ts',
    `
interface GameConsole {
  name: string;
  log(entry: string): void;
}

export function boot(console: GameConsole): string {
  console.log('boot');
  return console.name;
}
`,
  ),
  fine(
    'no-console',
    'other things that have a log',
    'src/git/history.ts',
    `
import { simpleGit } from 'simple-git';
import { useAudit } from '../audit';

export async function history(folder: string): Promise<number> {
  const { log } = useAudit();
  const { total } = await simpleGit(folder).log();
  log('history read');
  return Math.log(total);
}
`,
  ),
  fine(
    'no-console',
    'errors in an error boundary',
    'src/components/Boundary.tsx',
    `
import { Component, type ErrorInfo, type ReactNode } from 'react';

export class Boundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
    this.setState({ hasFailed: true });
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <p>Something went wrong.</p> : this.props.children;
  }
}
`,
  ),
  fine(
    'no-console',
    'a comment, and a test',
    'src/orders/orders.spec.ts',
    `
import { expect, it } from 'vitest';
import { total } from './total';

// console.log(total([]));
it('is 0 of nothing', () => {
  console.log(total([]));
  expect(total([])).toBe(0);
});
`,
  ),

  // ---------------------------------------------------------------- no-empty-catch
  fine(
    'no-empty-catch',
    'a comment that explains',
    'src/lib/read-draft.ts',
    `
export function readDraft(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    // Storage is blocked in private windows: there is no draft then.
  }
  return undefined;
}
`,
  ),
  fine(
    'no-empty-catch',
    'a comment that explains, in an arrow',
    'src/player/autoplay.ts',
    `
export function autoplay(video: HTMLVideoElement): void {
  video.play().catch(() => {
    // Browsers refuse to play before the first gesture; the play button is shown anyway.
  });
}
`,
  ),
  fine(
    'no-empty-catch',
    'a value instead',
    'src/lib/flags.ts',
    `
export const loadFlags = (): Promise<string[]> =>
  fetch('/flags')
    .then((response) => response.json() as Promise<string[]>)
    .catch(() => []);
`,
  ),
  fine(
    'no-empty-catch',
    'catch of a schema, and empty functions elsewhere',
    'src/search/params.ts',
    `
import { z } from 'zod';

export const params = z.object({ page: z.coerce.number().catch(1), q: z.string().catch('') });
export const emptyContext = { open: () => {}, close: () => {} };
`,
  ),
  fine(
    'no-empty-catch',
    'RxJS',
    'src/live/stream.ts',
    `
import { catchError, EMPTY, of, type Observable } from 'rxjs';

export const safe = <T>(source: Observable<T>, fallback?: T): Observable<T> =>
  source.pipe(catchError(() => (fallback === undefined ? EMPTY : of(fallback))));
`,
  ),
  fine(
    'no-empty-catch',
    'then with an empty first argument and a real second one',
    'src/lib/settle.ts',
    `
import { report } from './report';

export const fireAndReport = (work: Promise<unknown>): Promise<void> => work.then(() => {}, (error: unknown) => report(error));
`,
  ),

  // ---------------------------------------------------------------- no-secret
  fine(
    'no-secret',
    'the start of a key, to tell modes apart',
    'src/billing/mode.ts',
    `
export const isLive = (key: string): boolean => key.startsWith('sk_live_') || key.startsWith('rk_live_');
`,
  ),
  fine(
    'no-secret',
    'a pattern of keys',
    'src/scan/patterns.ts',
    `
export const PATTERNS = [/AKIA[0-9A-Z]{16}/, /ghp_[A-Za-z0-9]{36}/, /xox[abp]-[0-9A-Za-z-]{10,}/] as const;
`,
  ),
  fine(
    'no-secret',
    'a URL and a header made of variables',
    'src/db/url.ts',
    `
interface Database {
  user: string;
  pass: string;
  host: string;
}

export const urlOf = ({ user, pass, host }: Database): string => \`postgres://\${user}:\${pass}@\${host}:5432/app\`;
export const bearer = (value: string): string => \`Bearer \${value}\`;
`,
  ),
  fine(
    'no-secret',
    'a public key',
    'src/auth/verify.ts',
    `
export const PUBLIC_KEY = \`-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEw7Zk3Vt9QxLm2ZrWb7NcHf5JpYs8
GaUe1T4RdKo6XiMzPwQb8Yh2LrTfVn4KcXe9JsGm1UoWd6ApZi3xQw==
-----END PUBLIC KEY-----\`;
`,
  ),
  fine(
    'no-secret',
    'hashes and ids',
    'src/lib/assets.ts',
    `
export const script = {
  src: 'https://cdn.acme.io/widget.js',
  integrity: 'sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC',
  commit: '9fceb02d0ae598e95dc970b74767f19372d61af8',
  tenant: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
};
`,
  ),
  fine(
    'no-secret',
    'what to type, in a placeholder',
    'src/components/KeyField.tsx',
    `
export const KeyField = ({ onChange }: { onChange(value: string): void }) => (
  <input placeholder="sk_live_…" aria-describedby="Authorization: Bearer <key>" onChange={(event) => onChange(event.target.value)} />
);
`,
  ),

  // ---------------------------------------------------------------- no-hard-coded-credential
  fine(
    'no-hard-coded-credential',
    'labels and messages',
    'src/i18n/en.ts',
    `
export const en = {
  password: 'Password',
  confirmPassword: 'Repeat your password',
  token: 'Access token',
  errors: { password: 'Password must have at least 12 characters', apiKey: 'This API key is not valid' },
};
`,
  ),
  fine(
    'no-hard-coded-credential',
    'i18n keys',
    'src/forms/labels.ts',
    `
export const LABELS: Record<string, string> = {
  password: 'auth.form.password',
  token: 'settings.tokens.label',
  clientSecret: 'oauth.clientSecret.title',
};
`,
  ),
  fine(
    'no-hard-coded-credential',
    'a form field',
    'src/components/LoginForm.tsx',
    `
import { useState } from 'react';

export function LoginForm({ onSubmit }: { onSubmit(password: string): void }) {
  const [password, setPassword] = useState('');
  return (
    <form onSubmit={() => onSubmit(password)}>
      <input
        id="password"
        name="password"
        type="password"
        autoComplete="current-password"
        placeholder="Your password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
    </form>
  );
}
`,
  ),
  fine(
    'no-hard-coded-credential',
    'names of headers, cookies and keys of a storage',
    'src/auth/names.ts',
    `
export const CSRF_TOKEN_HEADER = 'x-csrf-token';
export const TOKEN_COOKIE = 'acme_session';
export const REFRESH_TOKEN_KEY = 'refresh_token';
export const apiKeyHeader = 'X-Api-Key';
`,
  ),
  fine(
    'no-hard-coded-credential',
    'names of events, routes and variables',
    'src/auth/actions.ts',
    `
export const RESET_PASSWORD = 'auth/resetPassword';
export const routes = { forgotPassword: '/forgot-password', token: '/oauth/token' };
export const secretEnv = { secret: 'JWT_SECRET', password: 'DB_PASSWORD' };
`,
  ),
  fine(
    'no-hard-coded-credential',
    'from the environment, with an empty string or an error behind it',
    'src/config/secrets.ts',
    `
const required = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(name + ' is not set');
  return value;
};

export const secrets = { password: process.env.DB_PASSWORD ?? '', token: required('CRM_TOKEN'), tokenType: 'Bearer' };
`,
  ),
];
