import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE } from './package-root.ts';

/**
 * A way in which a service's processes get away. In the texts, {zoo} is the folder of the scripts, {data} a folder for what
 * daemons write, {port} a port of the member's own, {slow} the seconds of a slow end, and {nap} seconds of sleep that no
 * other member has.
 */
export interface Member {
  name: string;
  line: string;
  /** In devctl.yml. */
  settings?: string;
  /** The command lines of its processes, and how many there are at least once it is up. */
  found: string;
  count: number;
  needs?: Need;
  /** Impossible without the mark: so many may outlive a stop. */
  escapes?: Escapes;
  /** What it costs to start one, in naps: chaos draws the dear ones less often. */
  cost: number;
  hasPort?: boolean;
}

export interface Escapes {
  count: number;
  /** Root leaves another user's processes alone, but for the mark. */
  asRootOnly?: boolean;
  /** Only where keeper and pane were killed before. */
  whenStruck?: boolean;
  /** Its line ends, and what it leaves cannot be seen: its start fails, and in the foreground that is the end of all. */
  looksEnded?: boolean;
}

export type Need = 'root' | 'npm' | 'redis-server' | 'nginx' | 'postgres';

const nap = '^sleep {nap}$';

export const ZOO: Member[] = [
  {
    name: 'plain',
    line: 'exec perl {zoo}/listen.pl {port}',
    found: '^perl .*listen.pl {port}',
    count: 1,
    cost: 1,
    hasPort: true,
  },
  { name: 'background', line: `sh -c 'sleep {nap} &'`, found: nap, count: 1, cost: 1 },
  { name: 'setsid', line: 'setsid sleep {nap} & exec sleep {nap}', found: nap, count: 2, cost: 1 },
  { name: 'double-fork', line: '( ( setsid sleep {nap} & ) & ); exec sleep {nap}', found: nap, count: 2, cost: 1 },
  {
    name: 'deaf',
    line: `trap '' TERM INT HUP; sleep {nap} & while :; do sleep 0.2; done`,
    settings: 'grace: 400ms',
    found: nap,
    count: 1,
    cost: 1,
  },
  {
    name: 'slow',
    line: 'exec perl {zoo}/slow.pl {slow} {data}/slow',
    settings: 'grace: 10s',
    found: '^perl .*slow.pl',
    count: 1,
    cost: 1,
  },
  { name: 'npm', line: 'npm run --silent stay', found: '^(npm|node .*app.cjs zoo-npm)', count: 2, needs: 'npm', cost: 8 },
  { name: 'regroup', line: 'perl {zoo}/regroup.pl {nap}; exec sleep {nap}', found: nap, count: 2, cost: 1 },
  { name: 'title', line: 'exec perl {zoo}/title.pl kworker/zoo', found: '^kworker/zoo', count: 1, cost: 1 },
  { name: 'no-environment', line: 'env -i sleep {nap} & exec env -i sleep {nap}', found: nap, count: 2, cost: 1 },
  { name: 'scrubbed', line: '{zoo}/daemon.sh {nap}; exec sleep {nap}', found: nap, count: 2, escapes: { count: 1 }, cost: 1 },
  {
    name: 'scrubbed-alone',
    line: '{zoo}/daemon.sh {nap}',
    found: nap,
    count: 1,
    escapes: { count: 1, looksEnded: true },
    cost: 1,
  },
  {
    name: 'supervisor',
    line: 'worker() { while :; do sleep {nap}; done; }; worker & worker & wait',
    found: nap,
    count: 2,
    cost: 1,
  },
  {
    // Each of its sleepers dies of its TERM, and another is there before anybody looks again.
    name: 'stubborn-supervisor',
    line: 'trap : TERM HUP; while :; do sleep {nap}; done',
    settings: 'grace: 400ms',
    found: nap,
    count: 1,
    cost: 1,
  },
  { name: 'job-control', line: `bash -c 'set -m; sleep {nap} & wait'`, found: nap, count: 1, cost: 1 },
  {
    name: 'node-detached',
    line: 'exec node {zoo}/detach.cjs {nap}',
    found: '(^|/)(sleep|node .*detach.cjs) {nap}$',
    count: 2,
    escapes: { count: 1, whenStruck: true },
    cost: 4,
  },
  {
    // `next dev` does so: a list made before the TERM does not hold the one that comes after it.
    name: 'successor',
    line: `trap 'setsid sleep {nap} & exit 0' TERM; sleep {nap} & wait`,
    found: nap,
    count: 1,
    cost: 1,
  },
  {
    name: 'redis',
    line: `exec redis-server --port {port} --bind 127.0.0.1 --save '' --dir {data}`,
    found: '^redis-server .*:{port}',
    count: 1,
    needs: 'redis-server',
    escapes: { count: 1, whenStruck: true },
    cost: 2,
    hasPort: true,
  },
  {
    name: 'redis-daemon',
    line: `redis-server --daemonize yes --port {port} --bind 127.0.0.1 --save '' --dir {data} --pidfile {data}/redis.pid`,
    found: '^redis-server .*:{port}',
    count: 1,
    needs: 'redis-server',
    escapes: { count: 1, looksEnded: true },
    cost: 2,
    hasPort: true,
  },
  {
    name: 'nginx-daemon',
    line: 'mkdir -p {data}/nginx && sed s/PORT/{port}/ {zoo}/nginx.conf >{data}/nginx/nginx.conf && nginx -p {data}/nginx -c nginx.conf -e error.log',
    found: '^nginx: ',
    count: 3,
    needs: 'nginx',
    escapes: { count: 3, looksEnded: true },
    cost: 2,
    hasPort: true,
  },
  {
    name: 'postgres',
    line: 'exec {zoo}/postgres.sh run {data}/postgres {port}',
    found: 'postgres( .*-p {port}|: )',
    count: 6,
    needs: 'postgres',
    escapes: { count: 20, asRootOnly: true },
    cost: 6,
    hasPort: true,
  },
  {
    name: 'orphans',
    line: 'for i in 1 2 3 4 5 6 7 8 9 10; do (sleep {nap} & sleep {nap} & setsid sleep {nap} & setsid sleep {nap} &); done; exec sleep {nap}',
    found: nap,
    count: 41,
    cost: 3,
  },
  {
    name: 'other-user',
    line: 'setpriv --reuid=nobody --clear-groups setsid sleep {nap} & exec setpriv --reuid=nobody --clear-groups sleep {nap}',
    found: nap,
    count: 2,
    needs: 'root',
    escapes: { count: 2, asRootOnly: true },
    cost: 1,
  },
];

/** What the project folder holds for them. */
export const ZOO_FILES = {
  'package.json': `{ "private": true, "scripts": { "stay": "sh -c 'node ${join(PACKAGE, 'test/fixtures/zoo')}/app.cjs zoo-npm; true'" } }\n`,
  '.npmrc': 'update-notifier=false\noffline=true\n',
};

/** Debian keeps some outside of a user's PATH. */
export const ZOO_PATH = '/usr/sbin:/sbin';

function isThere(need: Need): boolean {
  if (need === 'root') return process.getuid?.() === 0;
  if (need === 'postgres') {
    const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [];
    return versions.some((version) => existsSync(`/usr/lib/postgresql/${version}/bin/postgres`));
  }
  return `${process.env['PATH'] ?? ''}:${ZOO_PATH}`.split(':').some((folder) => existsSync(join(folder, need)));
}

const isMissing = new Map<Need, boolean>();

/** Why a member cannot be here; undefined where it can. */
export function lacks({ needs }: Member): string | undefined {
  if (needs === undefined) return undefined;
  let missing = isMissing.get(needs);
  if (missing === undefined) isMissing.set(needs, (missing = !isThere(needs)));
  return missing ? `no ${needs}` : undefined;
}

export interface Place {
  data: string;
  slowSeconds: number;
  port: (member: Member) => number;
}

/** Fills a text of a member in. */
export function fill(text: string, member: Member, place: Place): string {
  return text
    .replaceAll('{zoo}', join(PACKAGE, 'test/fixtures/zoo'))
    .replaceAll('{data}', place.data)
    .replaceAll('{slow}', String(place.slowSeconds))
    .replaceAll('{nap}', `9000.${String(ZOO.indexOf(member) + 10)}`)
    .replaceAll('{port}', () => String(place.port(member)));
}

export function procfile(members: Member[], place: Place): string {
  return members.map((member) => `${member.name}: ${fill(member.line, member, place)}\n`).join('');
}

export function configuration(members: Member[], place: Place, settingsOfAll?: string): string {
  const services = members.map((member) => {
    const port = member.hasPort ? fill('port: {port}', member, place) : undefined;
    const settings = [port, settingsOfAll ?? member.settings].filter((text) => text !== undefined);
    return `  ${member.name}: { ${settings.join(', ')} }\n`;
  });
  return `services:\n${services.join('')}`;
}
