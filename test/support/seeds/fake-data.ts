import { lookAlikes, seeds } from './seed.ts';

export const FAKE_DATA = seeds('no-fake-data', [
  [
    'a metrics endpoint',
    'src/routes/metrics.ts',
    `
router.get('/metrics', (req, res) => {
  res.json({
    uptime: process.uptime(),
»    cpuUsage: Math.random() * 100,
    hostname: os.hostname(),
  });
});
`,
  ],
  [
    'a price',
    'src/services/quotes.ts',
    `
export async function getQuote(symbol: string): Promise<Quote> {
»  const price = (100 + Math.random() * 50).toFixed(2);
  return { symbol, price: Number(price), currency: 'USD' };
}
`,
  ],
  [
    'the status of a made-up row',
    'src/data/shipments.ts',
    `
const STATUSES = ['pending', 'in_transit', 'delivered'] as const;

export function listShipments(count: number): Shipment[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    carrier: 'DHL',
»    status: STATUSES[Math.floor(Math.random() * STATUSES.length)],
  }));
}
`,
  ],
  [
    'a simulated failure',
    'src/services/payment-gateway.ts',
    `
export class PaymentGateway {
  async charge(request: ChargeRequest): Promise<ChargeResult> {
»    if (Math.random() < 0.1) {
      throw new Error('Payment declined by issuer');
    }
    return { id: request.id, status: 'captured' };
  }
}
`,
  ],
  [
    'faker imported',
    'src/services/customers.ts',
    `
»import { faker } from '@faker-js/faker';

export function listCustomers(): Customer[] {
  return Array.from({ length: 20 }, () => ({ name: faker.person.fullName(), email: faker.internet.email() }));
}
`,
  ],
  [
    'faker required',
    'server/controllers/products.cjs',
    `
const express = require('express');
»const faker = require('faker');

exports.index = (req, res) => res.json([{ name: faker.commerce.productName(), price: faker.commerce.price() }]);
`,
  ],
  [
    'the data of a chart',
    'src/components/RevenueChart.tsx',
    `
export function RevenueChart() {
  const data = useMemo(
    () =>
      Array.from({ length: 30 }, (_, day) => ({
        day: day + 1,
»        revenue: Math.floor(Math.random() * 5000) + 1000,
      })),
    [],
  );
  return <LineChart data={data}><Line dataKey="revenue" /></LineChart>;
}
`,
  ],
  [
    'a sensor',
    'src/iot/readSensor.js',
    `
export function readSensor(deviceId) {
  return {
    deviceId,
»    temperature: 20 + Math.random() * 5,
    humidity: 45,
    at: Date.now(),
  };
}
`,
  ],
  [
    'the confidence of a classifier',
    'src/ml/classify.ts',
    `
export async function classify(text: string): Promise<Classification> {
  const label = text.includes('refund') ? 'billing' : 'general';
»  return { label, confidence: 0.8 + Math.random() * 0.2 };
}
`,
  ],
  [
    'destructured from Math',
    'src/analytics/pageviews.ts',
    `
»const { random, floor } = Math;
export const pageViews = (path: string) => ({ path, views: floor(random() * 1000) });
`,
  ],
  [
    'a helper of the same file',
    'src/analytics/visitors.mjs',
    `
const between = (min, max) => Math.floor(Math.random() * (max - min + 1)) + min;

»export const weeklyVisitors = () => ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'].map((day) => ({ day, visitors: between(100, 500) }));
`,
  ],
  [
    'in JSX',
    'src/pages/Overview.tsx',
    `
export const Overview = () => (
  <Grid>
    <Stat label="Plan" value="Team" />
»    <Stat label="Active users" value={Math.floor(Math.random() * 1000)} />
  </Grid>
);
`,
  ],
  [
    'in a template string',
    'src/status/summary.ts',
    `
export function summary(service: Service): string {
»  return \`\${service.name}: \${(99 + Math.random()).toFixed(2)}% uptime, 0 incidents\`;
}
`,
  ],
  [
    'success by chance',
    'src/controllers/sync.controller.ts',
    `
export async function syncContacts(req: Request, res: Response) {
»  const success = Math.random() > 0.2;
  res.status(success ? 200 : 502).json({ success });
}
`,
  ],
  [
    'a field of a class',
    'src/monitoring/ServiceProbe.ts',
    `
export class ServiceProbe {
  readonly name: string;
»  private latencyMs = Math.round(Math.random() * 200);

  constructor(name: string) {
    this.name = name;
  }

  report() {
    return { name: this.name, latencyMs: this.latencyMs };
  }
}
`,
  ],
  [
    'a default parameter',
    'src/reviews/createReview.ts',
    `
export function createReview(
  productId: string,
  text: string,
»  rating: number = Math.ceil(Math.random() * 5),
): Review {
  return { productId, text, rating };
}
`,
  ],
  [
    'a generator of ticks',
    'src/market/ticks.ts',
    `
export function* ticks(symbol: string, start: number): Generator<Tick> {
  let price = start;
  while (true) {
»    price += (Math.random() - 0.5) * 2;
    yield { symbol, price };
  }
}
`,
  ],
  [
    'faker imported when needed',
    'src/pages/api/team.ts',
    `
export default async function handler(req: NextApiRequest, res: NextApiResponse) {
»  const { faker } = await import('@faker-js/faker');
  res.json({ members: [{ name: faker.person.fullName(), avatar: faker.image.avatar() }] });
}
`,
  ],
  [
    'another library of fake data',
    'src/services/leads.ts',
    `
»import Chance from 'chance';

const chance = new Chance();

export const listLeads = () => Array.from({ length: 10 }, () => ({ name: chance.name(), phone: chance.phone() }));
`,
  ],
  [
    'computed',
    'src/widgets/cpu.ts',
    `
export function sampleCpu(cores: number) {
  return Array.from({ length: cores }, (_, core) => ({
    core,
»    load: Math['random']() * 100,
  }));
}
`,
  ],
  [
    'online or not',
    'src/components/FriendList.jsx',
    `
export function FriendList({ friends }) {
  return (
    <ul>
      {friends.map((friend) => {
»        const isOnline = Math.random() > 0.5;
        return <li key={friend.id} className={isOnline ? 'online' : 'offline'}>{friend.name}</li>;
      })}
    </ul>
  );
}
`,
  ],
  [
    'a fallback',
    'src/weather/current.ts',
    `
export async function currentTemperature(city: string): Promise<number> {
  const reading = await cache.get<number>(\`weather:\${city}\`);
»  return reading ?? Math.round(Math.random() * 30);
}
`,
  ],
  [
    'a health by chance',
    'src/admin/services.ts',
    `
@Controller('services')
export class ServicesController {
  @Get()
  list() {
    return SERVICES.map((name) => ({
      name,
»      status: Math.random() > 0.7 ? 'degraded' : 'healthy',
    }));
  }
}
`,
  ],
  [
    'a sentiment',
    'src/nlp/sentiment.ts',
    `
/** Returns the sentiment of the text, from -1 to 1. */
export function sentiment(_text: string): number {
»  return Math.random() * 2 - 1;
}
`,
  ],
  [
    'an embedding',
    'src/search/embed.ts',
    `
export async function embed(texts: readonly string[]): Promise<number[][]> {
»  return texts.map(() => Array.from({ length: 1536 }, () => Math.random() * 2 - 1));
}
`,
  ],
  [
    'the position of a courier',
    'src/tracking/position.ts',
    `
export function courierPosition(orderId: string): Position {
  return {
    orderId,
»    lat: 52.52 + Math.random() * 0.01,
    lng: 13.405 + Math.random() * 0.01,
  };
}
`,
  ],
  [
    'a dashboard that moves by itself',
    'src/hooks/useLiveStats.ts',
    `
export function useLiveStats() {
  const [stats, setStats] = useState({ requests: 0, errors: 0 });
  useEffect(() => {
    const timer = setInterval(() => {
»      setStats({ requests: Math.floor(Math.random() * 500), errors: Math.floor(Math.random() * 5) });
    }, 2000);
    return () => clearInterval(timer);
  }, []);
  return stats;
}
`,
  ],
  [
    'an A of a score, globalThis',
    'src/seo/score.mts',
    `
export async function auditPage(url: string): Promise<Audit> {
  return {
    url,
»    score: Math.floor(globalThis.Math.random() * 40) + 60,
    issues: [],
  };
}
`,
  ],
]);

export const FAKE_DATA_CLEAN = lookAlikes('no-fake-data', [
  [
    'jitter',
    'src/lib/backoff.ts',
    `
export const backoff = (attempt: number) => Math.min(30_000, 2 ** attempt * 100) * (0.5 + Math.random() / 2);
`,
  ],
  [
    'an id',
    'src/lib/id.ts',
    `
export const uid = () => Math.random().toString(36).slice(2, 10);
`,
  ],
  [
    'the id of a request, in a template string',
    'src/middleware/requestId.ts',
    `
export const requestId: RequestHandler = (req, _res, next) => {
  req.id = \`\${Date.now()}-\${Math.floor(Math.random() * 1e9)}\`;
  next();
};
`,
  ],
  [
    'a random choice of a server',
    'src/net/pick.ts',
    `
export function pickUpstream(upstreams: readonly Upstream[]): Upstream | undefined {
  return upstreams[Math.floor(Math.random() * upstreams.length)];
}
`,
  ],
  [
    'sampling by a rate',
    'src/telemetry/trace.ts',
    `
export function record(span: Span, sampleRate: number): void {
  if (Math.random() < sampleRate) exporter.send(span);
}
`,
  ],
  [
    'particles',
    'src/effects/particles.ts',
    `
export function burst(x: number, y: number): Particle[] {
  return Array.from({ length: 40 }, () => {
    const angle = Math.random() * Math.PI * 2;
    const speed = 1 + Math.random() * 3;
    return { x, y, vx: Math.cos(angle) * speed, vy: Math.sin(angle) * speed };
  });
}
`,
  ],
  [
    'a shuffle',
    'src/lib/shuffle.ts',
    `
export function shuffle<T>(items: T[]): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}
`,
  ],
  [
    'a colour',
    'src/components/Confetti.tsx',
    `
export const Piece = () => <i style={{ left: \`\${Math.random() * 100}%\`, color: \`hsl(\${Math.random() * 360} 80% 60%)\` }} />;
`,
  ],
  [
    'a die of a game',
    'src/game/dice.ts',
    `
export const rollDie = (sides = 6): number => 1 + Math.floor(Math.random() * sides);
`,
  ],
  [
    'the acceptance of simulated annealing',
    'src/optimizer/anneal.ts',
    `
export function accepts(delta: number, temperature: number): boolean {
  return delta < 0 || Math.random() < Math.exp(-delta / temperature);
}
`,
  ],
  [
    'a spread of expiries',
    'src/cache/ttl.ts',
    `
export async function remember(key: string, value: string): Promise<void> {
  const ttl = 3600 + Math.floor(Math.random() * 300);
  await redis.set(key, value, 'EX', ttl);
}
`,
  ],
  [
    'words in a comment and in a string',
    'src/lib/token.ts',
    `
import { randomBytes } from 'node:crypto';

// Never Math.random(): it can be guessed. Nor faker.
export const HINT = 'Math.random() is not secure';
export const token = () => randomBytes(32).toString('base64url');
`,
  ],
]);
