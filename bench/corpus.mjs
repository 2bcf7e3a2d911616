import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Real code of many hands: packages of the npm registry whose sources are in them, as TypeScript or as ES modules. Libraries,
 * tools, templates of applications, a large dashboard, and what coding agents have written.
 */
const PACKAGES = [
  ...['zod@4.1.12', 'effect@3.18.4', 'rxjs@7.8.2', 'msw@2.11.5', '@trpc/server@11.6.0', 'mongodb@6.20.0', 'openai@6.3.0'],
  ...['@anthropic-ai/sdk@0.65.0', '@supabase/supabase-js@2.75.0', '@supabase/auth-js@2.75.0', '@supabase/storage-js@2.75.0'],
  ...['@supabase/realtime-js@2.75.0', '@tanstack/react-query@5.90.3', '@tanstack/query-core@5.90.3'],
  ...['@tanstack/react-router@1.132.47', '@tanstack/router-core@1.132.47', '@tanstack/table-core@8.21.3'],
  ...['create-next-app@15.5.5', 'create-t3-app@7.39.3', 'create-vite@8.0.2', 'puppeteer-core@24.24.1', 'viem@2.38.2'],
  ...['wagmi@2.18.0', 'ethers@6.15.0', '@refinedev/core@5.0.4', 'react-admin@5.11.4', 'ra-data-fakerest@5.11.4'],
  ...['claude-flow@2.7.47', 'ruv-swarm@1.0.20', 'agentic-flow@1.10.2', '@medusajs/dashboard@2.10.3'],
  ...['botframework-webchat-component@4.18.0', '@sveltejs/kit@2.46.4', 'generator-jhipster@8.11.0', 'three@0.180.0'],
  ...['execa@9.6.0', 'graphql@16.11.0', '@mui/material@7.3.4', 'kysely@0.28.7'],
];
const FILES = 5000;
/** So that no package is most of it. */
const MOST = 420;
const SOURCE = /\.(?:[cm]?ts|tsx|[cm]?js|jsx)$/;
const NONE = /\.d\.[cm]?ts$|\.min\.|(?:^|\/)(?:node_modules|umd|cjs|_cjs|_esm|_types|lib\.commonjs)\//;
const FETCH_MS = 300_000;

/** The same 5,000 files everywhere, in the tester's cache; fetched where they are not. */
export async function corpus() {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'devctl-test');
  const folder = join(cache, `corpus-${digest(JSON.stringify([PACKAGES, FILES, MOST])).slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(`${folder}.`);
  try {
    let left = FILES;
    for (const name of PACKAGES) left -= await fetchInto(temporary, name, Math.min(MOST, left));
    if (left > 0) throw new Error(`the packages have ${String(FILES - left)} files; ${String(FILES)} are wanted`);
    renameSync(join(temporary, 'files'), folder);
    return folder;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** How many files it has put there. */
async function fetchInto(temporary, name, most) {
  const from = join(temporary, 'package');
  const { stdout } = await run(
    'npm',
    ['pack', name, '--pack-destination', temporary, '--cache', join(temporary, 'npm'), '--loglevel', 'error'],
    {
      cwd: temporary,
      timeout: FETCH_MS,
    },
  );
  await run('tar', ['-xzf', join(temporary, stdout.trim().split('\n').at(-1) ?? ''), '-C', temporary], { timeout: FETCH_MS });
  const sources = readdirSync(from, { recursive: true })
    .map(String)
    .filter((path) => SOURCE.test(path) && !NONE.test(path))
    .filter((path) => statSync(join(from, path)).isFile() && statSync(join(from, path)).size < 1_000_000);
  // Of what ships its results as well, the source.
  const hasTypes = sources.some((path) => /\.tsx?$/.test(path) && !/template/.test(path));
  const chosen = sources
    .filter((path) => !hasTypes || !/\.[cm]?jsx?$/.test(path))
    .sort((a, b) => (digest(a) < digest(b) ? -1 : 1))
    .slice(0, most);
  for (const path of chosen) {
    const to = join(temporary, 'files', name.replaceAll('/', '_'), path);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(from, path), to);
  }
  rmSync(from, { recursive: true });
  return chosen.length;
}

const digest = (text) => createHash('sha256').update(text).digest('hex');
