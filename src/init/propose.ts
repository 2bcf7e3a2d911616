import { runsDevctl } from '../claude/guard/package-scripts.ts';
import { packageManager } from '../project/package-manager.ts';
import { parseProcfile } from '../project/procfile.ts';
import { asObject, type InitFacts } from './facts.ts';

/** A line of a Procfile, and why it is proposed. */
export interface ProposedService {
  name: string;
  command: string;
  from: string;
}

/** What the project seems to run in development: of its Procfile, else of what its frameworks usually run. Pure. */
export function proposeServices(facts: InitFacts): ProposedService[] {
  const { texts, composeServices } = facts;
  const written = parseProcfile(texts.get('Procfile') ?? '', 'Procfile').entries.filter(({ name }) => name !== 'release');
  if (written.length > 0) return written.map(({ name, command }) => ({ name, command, from: 'Procfile' }));
  const found = [...rails(texts), ...django(texts), ...laravel(texts), ...phoenix(texts)];
  const node = nodeService(texts, found.length > 0 ? 'frontend' : 'web');
  const infra: ProposedService[] =
    composeServices.length === 0
      ? []
      : [{ name: 'infra', command: `docker compose up ${composeServices.join(' ')}`, from: 'docker-compose.yml' }];
  const script: ProposedService[] =
    found.length + node.length === 0 && texts.has('bin/dev') && !/\bdevctl\b/.test(texts.get('bin/dev') ?? '')
      ? [{ name: 'web', command: 'bin/dev', from: 'bin/dev' }]
      : [];
  const all = [...found, ...node, ...script, ...infra];
  return all.filter(({ name }, index) => all.findIndex((one) => one.name === name) === index);
}

function rails(texts: InitFacts['texts']): ProposedService[] {
  const gemfile = texts.get('Gemfile') ?? '';
  const has = (gem: string) => new RegExp(`^\\s*gem\\s+["']${gem}["']`, 'm').test(gemfile);
  if (!has('rails')) return [];
  const bin = texts.has('bin/rails') ? 'bin/rails' : 'bundle exec rails';
  const yarn = scriptsOf(texts);
  const line = (name: string, command: string): ProposedService => ({ name, command, from: 'Gemfile' });
  return [
    line('web', `${bin} server -p $PORT`),
    ...(has('tailwindcss-rails') ? [line('css', `${bin} tailwindcss:watch`)] : []),
    ...(has('jsbundling-rails') && yarn['build'] !== undefined ? [line('js', watching(texts, 'build'))] : []),
    ...(has('cssbundling-rails') && yarn['build:css'] !== undefined ? [line('css', watching(texts, 'build:css'))] : []),
    ...(has('sidekiq') ? [line('worker', 'bundle exec sidekiq')] : []),
    ...(has('solid_queue') && texts.has('bin/jobs') ? [line('worker', 'bin/jobs')] : []),
  ];
}

/** npm keeps what is not behind `--` for itself. */
function watching(texts: InitFacts['texts'], script: string): string {
  const run = runner(texts);
  return `${run} ${script}${run.startsWith('npm') ? ' --' : ''} --watch`;
}

function nodeService(texts: InitFacts['texts'], name: string): ProposedService[] {
  const scripts = scriptsOf(texts);
  const script = ['dev', 'start', 'serve'].find((one) => scripts[one] !== undefined && !runsDevctl(scripts, one));
  if (script === undefined || /-rails["']/.test(texts.get('Gemfile') ?? '')) return [];
  return [{ name, command: `${runner(texts)} ${script}`, from: 'package.json' }];
}

function django(texts: InitFacts['texts']): ProposedService[] {
  return /django/i.test(texts.get('manage.py') ?? '')
    ? [{ name: 'web', command: 'python manage.py runserver $PORT', from: 'manage.py' }]
    : [];
}

function laravel(texts: InitFacts['texts']): ProposedService[] {
  return texts.has('artisan') ? [{ name: 'web', command: 'php artisan serve --port=$PORT', from: 'artisan' }] : [];
}

function phoenix(texts: InitFacts['texts']): ProposedService[] {
  return /:phoenix\b/.test(texts.get('mix.exs') ?? '') ? [{ name: 'web', command: 'mix phx.server', from: 'mix.exs' }] : [];
}

const runner = (texts: InitFacts['texts']): string => `${packageManager(texts)} run`;

export function scriptsOf(texts: InitFacts['texts']): Record<string, string> {
  try {
    const scripts = asObject(asObject(JSON.parse((texts.get('package.json') ?? '{}').replace('\uFEFF', '')))['scripts']);
    return Object.fromEntries(Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return {};
  }
}
