import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { corpus } from '../corpus.mjs';
import { median, rounds } from '../measure.mjs';

const OXLINT = join(dirname(createRequire(import.meta.url).resolve('oxlint/package.json')), 'bin', 'oxlint');
/** What oxlint has of our rules. */
const COMPARABLE = {
  plugins: ['typescript'],
  categories: { correctness: 'off' },
  rules: {
    'typescript/no-explicit-any': 'error',
    'typescript/ban-ts-comment': 'error',
    'no-console': 'error',
    'no-empty': 'error',
    'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'anywhere' }],
  },
};
const NO_SECRETS = 'validate: { rules: { no-secret: off, no-hard-coded-credential: off } }\n';

/** 5,000 files of real code, against oxlint alone. @type {import('../main.mjs').Subject} */
export const validate = {
  name: 'validate',
  runs: 15,
  async measure(workspace, runs) {
    const from = await corpus();
    const place = (/** @type {string} */ name, /** @type {string} */ config) => {
      const folder = join(workspace.root, name);
      mkdirSync(folder);
      cpSync(from, join(folder, 'files'), { recursive: true });
      execFileSync('git', ['init', '-q', folder]);
      if (config !== '') writeFileSync(join(folder, 'devctl.yml'), config);
      return folder;
    };
    const all = place('all', '');
    const syntax = place('syntax', NO_SECRETS);
    const config = join(workspace.root, 'comparable.json');
    writeFileSync(config, JSON.stringify(COMPARABLE));
    const time = (/** @type {string} */ cwd, /** @type {string[]} */ words) => {
      const begin = performance.now();
      const { status, stderr } = spawnSync(process.execPath, words, {
        cwd,
        env: workspace.env,
        stdio: ['ignore', 'pipe', 'pipe'],
        maxBuffer: 1e9,
      });
      if (status !== 1)
        throw new Error(`${words.join(' ')}: exit ${String(status)}, where findings are expected\n${String(stderr)}`);
      return performance.now() - begin;
    };
    const figures = await rounds(runs, () => ({
      oxlint: time(all, [OXLINT, '--config', config, '--disable-nested-config', '--no-ignore', '--format', 'json', 'files']),
      syntax: time(syntax, [workspace.devctl, 'validate', '--json']),
      all: time(all, [workspace.devctl, 'validate', '--json']),
    }));
    const floor = median(figures['oxlint']);
    const row = (/** @type {string} */ name, /** @type {string} */ key, /** @type {number | undefined} */ limit) => {
      const samples = figures[key] ?? [];
      const target =
        limit === undefined ? {} : { target: { text: `<= ${String(limit)} x`, value: median(samples) / floor, limit } };
      return { name, unit: 'ms', samples, floor, ...target };
    };
    return [
      {
        subject: 'validate, 5,000 files',
        rows: [
          row('oxlint with comparable rules', 'oxlint', undefined),
          row('devctl validate without secrets', 'syntax', 3),
          row('devctl validate', 'all', 8),
        ],
        notes: [],
      },
    ];
  },
};
