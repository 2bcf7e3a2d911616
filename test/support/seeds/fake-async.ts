import { lookAlikes, seeds } from './seed.ts';

export const FAKE_ASYNC = seeds('no-fake-async', [
  [
    'a service sleeps and returns a literal list',
    'src/services/orders.ts',
    `
import type { Order } from '../types/order';

export async function fetchOrders(customerId: string): Promise<Order[]> {
»  await new Promise((resolve) => setTimeout(resolve, 500));
  return [
    { id: 'ord_1', customerId, total: 129.99, status: 'shipped' },
    { id: 'ord_2', customerId, total: 54.5, status: 'pending' },
  ];
}
`,
  ],
  [
    'a promise is resolved with made-up data after a delay',
    'src/api/users.ts',
    `
export const getCurrentUser = (): Promise<User> =>
»  new Promise((resolve) => {
    setTimeout(() => resolve({ id: 1, name: 'Ada Lovelace', email: 'ada@acme.io', role: 'admin' }), 800);
  });
`,
  ],
  [
    'a React form is submitted to a timer',
    'src/components/ContactForm.tsx',
    `
import { useState, type FormEvent } from 'react';

export function ContactForm() {
  const [isSubmitting, setIsSubmitting] = useState(false);
  const [submitted, setSubmitted] = useState(false);

  const handleSubmit = (event: FormEvent) => {
    event.preventDefault();
    setIsSubmitting(true);
»    setTimeout(() => {
      setIsSubmitting(false);
      setSubmitted(true);
    }, 1500);
  };

  if (submitted) return <p>Thank you!</p>;
  return (
    <form onSubmit={handleSubmit}>
      <button disabled={isSubmitting}>{isSubmitting ? 'Sending…' : 'Send'}</button>
    </form>
  );
}
`,
  ],
  [
    'an effect ends a loading state with nothing done',
    'src/pages/Dashboard.tsx',
    `
export function Dashboard() {
  const [loading, setLoading] = useState(true);

  useEffect(() => {
»    const timer = setTimeout(() => setLoading(false), 1000);
    return () => clearTimeout(timer);
  }, []);

  return loading ? <Skeleton rows={4} /> : <Charts />;
}
`,
  ],
  [
    'a comment says that it simulates the network',
    'src/hooks/useCheckout.ts',
    `
export function useCheckout(cart: Cart) {
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle');

  const checkout = async () => {
    setState('busy');
»    // Simulate network latency
    await new Promise<void>((r) => setTimeout(r, 1200));
    setState('done');
  };

  return { state, checkout };
}
`,
  ],
  [
    'timers/promises, then a literal',
    'src/services/payments.mts',
    `
import { setTimeout as delay } from 'node:timers/promises';

export async function capturePayment(intentId: string, amount: number) {
»  await delay(750);
  return { intentId, amount, status: 'succeeded', receiptUrl: 'https://pay.acme.io/receipts/1' };
}
`,
  ],
  [
    'timers/promises that resolves to the made-up value',
    'src/clients/profile.mjs',
    `
import { setTimeout } from 'timers/promises';

export async function loadProfile(userId) {
»  const profile = await setTimeout(400, { userId, displayName: 'Jane Doe', plan: 'pro' });
  return profile;
}
`,
  ],
  [
    'callback style',
    'lib/inventory.js',
    `
'use strict';

function getStockLevel(sku, callback) {
»  setTimeout(function () {
    callback(null, { sku: sku, available: 42, warehouse: 'BER-1' });
  }, 200);
}

module.exports = { getStockLevel };
`,
  ],
  [
    'an express handler answers from a timer',
    'src/routes/recommendations.ts',
    `
import { Router } from 'express';

export const recommendations = Router();

recommendations.get('/', (req, res) => {
»  setTimeout(() => {
    res.json({
      items: [
        { id: 'p1', title: 'Wireless Mouse', score: 0.92 },
        { id: 'p2', title: 'USB-C Hub', score: 0.87 },
      ],
    });
  }, 600);
});
`,
  ],
  [
    'a class method logs in against a literal',
    'src/auth/AuthService.ts',
    `
export class AuthService {
  private user: User | null = null;

  login(email: string, password: string): Promise<User> {
    return new Promise((resolve, reject) => {
»      setTimeout(() => {
        if (email === 'demo@acme.io' && password.length > 3) {
          this.user = { id: 'u_1', email, name: 'Demo User' };
          resolve(this.user);
        } else {
          reject(new Error('Invalid credentials'));
        }
      }, 1000);
    });
  }
}
`,
  ],
  [
    'an async generator streams a canned answer',
    'src/ai/stream.ts',
    `
export async function* streamCompletion(prompt: string): AsyncGenerator<string> {
  const answer = \`I understand you're asking about "\${prompt}". Here is a detailed answer.\`;
  for (const word of answer.split(' ')) {
»    await new Promise((resolve) => setTimeout(resolve, 50));
    yield word + ' ';
  }
}
`,
  ],
  [
    'a redux thunk',
    'src/store/checkoutSlice.ts',
    `
import { createAsyncThunk } from '@reduxjs/toolkit';

export const placeOrder = createAsyncThunk('checkout/placeOrder', async (cart: Cart) => {
»  await new Promise((resolve) => setTimeout(resolve, 1000));
  return { success: true, orderId: 'ORD-1001', total: cart.total };
});
`,
  ],
  [
    'a zustand store',
    'src/store/useNotifications.ts',
    `
import { create } from 'zustand';

export const useNotifications = create<NotificationState>((set) => ({
  items: [],
  isLoading: false,
  fetch: async () => {
    set({ isLoading: true });
»    await new Promise((resolve) => setTimeout(resolve, 800));
    set({
      isLoading: false,
      items: [{ id: '1', text: 'Your order has shipped', read: false }],
    });
  },
}));
`,
  ],
  [
    'window.setTimeout',
    'src/components/NewsletterSignup.jsx',
    `
export default function NewsletterSignup() {
  const [status, setStatus] = React.useState('idle');

  function subscribe() {
    setStatus('loading');
»    window.setTimeout(() => setStatus('success'), 1200);
  }

  return <button onClick={subscribe}>{status === 'loading' ? 'Subscribing...' : 'Subscribe'}</button>;
}
`,
  ],
  [
    'a promisified setTimeout',
    'src/billing/charge.cjs',
    `
const { promisify } = require('node:util');
const wait = promisify(setTimeout);

exports.chargeCard = async function chargeCard(card, cents) {
»  await wait(1200);
  return { ok: true, chargeId: 'ch_1', last4: card.number.slice(-4), cents };
};
`,
  ],
  [
    'a web worker posts a made-up result',
    'src/workers/analysis.worker.ts',
    `
self.onmessage = (event: MessageEvent<AnalysisRequest>) => {
  const { jobId } = event.data;
»  setTimeout(() => {
    self.postMessage({ jobId, status: 'complete', result: { sentiment: 'positive', confidence: 0.94 } });
  }, 2000);
};
`,
  ],
  [
    'upload progress that uploads nothing',
    'src/hooks/useUpload.ts',
    `
export function useUpload() {
  const [progress, setProgress] = useState(0);

  const upload = (file: File) => {
    let done = 0;
    // Simulate upload progress
    const tick = () => {
      done += 10;
      setProgress(done);
»      if (done < 100) setTimeout(tick, 200);
    };
    tick();
  };

  return { progress, upload };
}
`,
  ],
  [
    'a queryFn of TanStack Query',
    'src/queries/products.ts',
    `
import { queryOptions } from '@tanstack/react-query';
import { MOCK_PRODUCTS } from '../data/mock-products';

export const productsQuery = queryOptions({
  queryKey: ['products'],
»  queryFn: () => new Promise<Product[]>((resolve) => setTimeout(() => resolve(MOCK_PRODUCTS), 500)),
});
`,
  ],
  [
    'a mutation that echoes its input',
    'src/queries/useUpdateProfile.ts',
    `
import { useMutation } from '@tanstack/react-query';

export const useUpdateProfile = () =>
  useMutation({
    mutationFn: async (input: ProfileInput) => {
»      await new Promise((r) => setTimeout(r, 700));
      return { ...input, updatedAt: new Date().toISOString(), success: true };
    },
  });
`,
  ],
  [
    'nested in an object of objects, with a helper of the same file',
    'src/api/index.ts',
    `
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const USERS = [
  { id: 1, name: 'Alice' },
  { id: 2, name: 'Bob' },
];

export const api = {
  health: () => fetch('/health'),
  users: {
    list: async () => {
»      await sleep(200);
      return USERS;
    },
  },
};
`,
  ],
  [
    'then after a delay',
    'src/forms/validateCoupon.ts',
    `
const delay = (ms: number) => new Promise((done) => setTimeout(done, ms));

export function validateCoupon(code: string): Promise<CouponResult> {
  const normalized = code.trim().toUpperCase();

»  return delay(500).then(() => ({ code: normalized, valid: true, discount: 0.15 }));
}
`,
  ],
  [
    'Promise.withResolvers',
    'src/search/suggest.ts',
    `
export function suggest(term: string): Promise<SuggestResponse> {
  const { promise, resolve } = Promise.withResolvers<SuggestResponse>();
»  setTimeout(() => resolve({ term, suggestions: ['laptop', 'laptop stand', 'laptop bag'] }), 300);
  return promise;
}
`,
  ],
  [
    'the value as an argument of setTimeout',
    'src/repositories/subscriptionRepository.ts',
    `
export class SubscriptionRepository {
  async findById(id: string): Promise<Subscription> {
    return new Promise((resolve) => {
»      setTimeout(resolve, 250, { id, plan: 'team', seats: 12, status: 'active' });
    });
  }
}
`,
  ],
  [
    'inline in JSX',
    'src/components/SettingsPanel.tsx',
    `
export const SettingsPanel = ({ settings }: Props) => {
  const [saving, setSaving] = useState(false);
  return (
    <section>
      <Toggles value={settings} />
      <Button
        loading={saving}
        onClick={() => {
          setSaving(true);
»          setTimeout(() => {
            setSaving(false);
            toast.success('Settings saved!');
          }, 800);
        }}
      >
        Save
      </Button>
    </section>
  );
};
`,
  ],
  [
    'a server action',
    'app/account/actions.ts',
    `
'use server';

export async function updateAccount(prev: FormState, formData: FormData): Promise<FormState> {
  const name = formData.get('name');
  if (!name) return { ok: false, message: 'Name is required' };

»  await new Promise((resolve) => setTimeout(resolve, 1000));

  return { ok: true, message: 'Account updated' };
}
`,
  ],
  [
    'a route handler of Next',
    'app/api/reports/route.ts',
    `
import { NextResponse } from 'next/server';

export async function POST(request: Request) {
  const { range } = await request.json();
»  await new Promise((resolve) => setTimeout(resolve, 1500));
  return NextResponse.json({ range, url: '/reports/q3.pdf', pages: 14 });
}
`,
  ],
  [
    'a decorated service of Nest, with an honest comment',
    'src/shipping/shipping.service.ts',
    `
@Injectable()
export class ShippingService {
  constructor(private readonly config: ConfigService) {}

  @Cacheable({ ttl: 60 })
  async getRates(parcel: Parcel): Promise<Rate[]> {
    // In production this would call the carrier API
»    await new Promise((resolve) => setTimeout(resolve, 300));
    return [
      { carrier: 'DHL', service: 'express', cents: 1890 },
      { carrier: 'UPS', service: 'standard', cents: 990 },
    ];
  }
}
`,
  ],
  [
    'the latency as a default parameter',
    'src/drafts/saveDraft.ts',
    `
export async function saveDraft<T extends Draft>(draft: T, latency = 400): Promise<T & { id: string }> {
»  await new Promise<void>((resolve) => globalThis.setTimeout(resolve, latency));
  return { ...draft, id: 'draft_1' };
}
`,
  ],
  [
    'pull to refresh that refreshes nothing',
    'src/screens/FeedScreen.tsx',
    `
export function FeedScreen() {
  const [refreshing, setRefreshing] = useState(false);

  const onRefresh = useCallback(() => {
    setRefreshing(true);
»    setTimeout(() => setRefreshing(false), 1500);
  }, []);

  return <FlatList refreshControl={<RefreshControl refreshing={refreshing} onRefresh={onRefresh} />} data={[]} />;
}
`,
  ],
  [
    'a canned answer of the assistant',
    'src/components/ChatWidget.tsx',
    `
export function ChatWidget() {
  const [messages, setMessages] = useState<Message[]>([]);
  const [isTyping, setIsTyping] = useState(false);

  const send = (text: string) => {
    setMessages((prev) => [...prev, { role: 'user', content: text }]);
    setIsTyping(true);
»    setTimeout(() => {
      setMessages((prev) => [...prev, { role: 'assistant', content: 'Thanks for your message! How can I help?' }]);
      setIsTyping(false);
    }, 1200);
  };

  return <Chat messages={messages} typing={isTyping} onSend={send} />;
}
`,
  ],
  [
    'an async iterator in a class',
    'src/feeds/PriceFeed.ts',
    `
export class PriceFeed implements AsyncIterable<Tick> {
  constructor(private readonly symbol: string) {}

  async *[Symbol.asyncIterator]() {
    const prices = [101.2, 101.4, 101.1, 102.0];
    for (const price of prices) {
»      await new Promise((resolve) => setTimeout(resolve, 1000));
      yield { symbol: this.symbol, price };
    }
  }
}
`,
  ],
]);

export const FAKE_ASYNC_CLEAN = lookAlikes('no-fake-async', [
  [
    'a plain sleep helper',
    'src/lib/sleep.ts',
    `
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
`,
  ],
  [
    'a timeout that races',
    'src/lib/withTimeout.ts',
    `
export function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(\`timed out after \${ms} ms\`)), ms);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
`,
  ],
  [
    'backoff between attempts',
    'src/lib/retry.ts',
    `
export async function retry<T>(work: () => Promise<T>, attempts = 5): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt + 1 >= attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2 ** attempt * 100));
    }
  }
}
`,
  ],
  [
    'polling of a job',
    'src/jobs/waitForExport.ts',
    `
export async function waitForExport(id: string): Promise<ExportJob> {
  while (true) {
    const job = await client.exports.get(id);
    if (job.status === 'done' || job.status === 'failed') return job;
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}
`,
  ],
  [
    'debounce',
    'src/lib/debounce.ts',
    `
export function debounce<A extends unknown[]>(fn: (...args: A) => void, ms: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (...args: A) => {
    clearTimeout(timer);
    timer = setTimeout(() => fn(...args), ms);
  };
}
`,
  ],
  [
    'a debounced value',
    'src/hooks/useDebouncedValue.ts',
    `
export function useDebouncedValue<T>(value: T, ms = 300): T {
  const [debounced, setDebounced] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setDebounced(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return debounced;
}
`,
  ],
  [
    'an abort after a time',
    'src/lib/fetchJson.ts',
    `
export async function fetchJson<T>(url: string, ms = 5000): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    const response = await fetch(url, { signal: controller.signal });
    return (await response.json()) as T;
  } finally {
    clearTimeout(timer);
  }
}
`,
  ],
  [
    'a mark that goes away by itself after a real copy',
    'src/components/CopyButton.tsx',
    `
export function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return <button onClick={copy}>{copied ? 'Copied' : 'Copy'}</button>;
}
`,
  ],
  [
    'a forced end of a shutdown',
    'src/server.ts',
    `
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(1), 10_000).unref();
});
`,
  ],
  [
    'a rate limit before a real request',
    'src/clients/geocoder.ts',
    `
import { setTimeout as delay } from 'node:timers/promises';

export async function geocodeAll(addresses: string[]): Promise<Point[]> {
  const points: Point[] = [];
  for (const address of addresses) {
    points.push(await geocode(address));
    await delay(1000);
  }
  return points;
}
`,
  ],
  [
    'the end of an animation',
    'src/components/Modal.tsx',
    `
export function Modal({ onClose, children }: Props) {
  const [closing, setClosing] = useState(false);
  const close = () => {
    setClosing(true);
    setTimeout(onClose, 300);
  };
  return <div className={closing ? 'fade-out' : 'fade-in'} onClick={close}>{children}</div>;
}
`,
  ],
  [
    'a connection is tried again',
    'src/realtime/socket.ts',
    `
export function connect(url: string, attempt = 0): void {
  const socket = new WebSocket(url);
  socket.addEventListener('close', () => {
    setTimeout(() => connect(url, attempt + 1), Math.min(30_000, 500 * 2 ** attempt));
  });
}
`,
  ],
  [
    'a promise that an event or a limit resolves',
    'src/queue/drain.ts',
    `
export function drained(queue: Queue, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    queue.once('drain', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
`,
  ],
  [
    'focus after the paint',
    'src/components/SearchBox.tsx',
    `
export function SearchBox({ open }: { open: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (open) setTimeout(() => input.current?.focus(), 0);
  }, [open]);
  return <input ref={input} />;
}
`,
  ],
]);
