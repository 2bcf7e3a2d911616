import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The Claude Code that the tests know; what they assert was measured with it. */
const VERSION = '2.1.329';
/** The last one that runs on Node. */
const NODE_VERSION = '2.1.112';
/** The package has 170 MB. */
const FETCH_MS = 300_000;

export type ClaudeBinary = { kind: 'there'; path: string } | { kind: 'missing'; reason: string };

const run = promisify(execFile);

/**
 * The real Claude Code CLI, from the tester's cache, or fetched into it; whoever cannot have it is told why, loudly, and
 * skips. Not a devDependency: it has 361 MB.
 */
export function claudeBinary(): Promise<ClaudeBinary> {
  const platform = platformName();
  return fetched(`@anthropic-ai/claude-code-${platform}@${VERSION}`, `claude-${VERSION}-${platform}`, ['claude']);
}

/** The last Claude Code on Node, as npm installs it: its `cli.js`. */
export function claudeOnNode(): Promise<ClaudeBinary> {
  return fetched(`@anthropic-ai/claude-code@${NODE_VERSION}`, `claude-${NODE_VERSION}`, ['cli.js', 'package.json', 'vendor']);
}

async function fetched(name: string, folderName: string, files: [string, ...string[]]): Promise<ClaudeBinary> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'devctl-test');
  const folder = join(cache, folderName);
  const path = join(folder, files[0]);
  if (existsSync(path)) return { kind: 'there', path };
  try {
    await fetchInto(folder, cache, name, files);
    return { kind: 'there', path };
  } catch (error) {
    const reason = `no ${name}: ${firstLines(error)}`;
    console.warn(`\n*** SKIPPED: the tests with the real Claude Code. ${reason}\n`);
    return { kind: 'missing', reason };
  }
}

/** In a folder beside it, and then renamed: there may be another test that does the same. npm checks what it fetches. */
async function fetchInto(folder: string, cache: string, name: string, files: [string, ...string[]]): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(`${folder}.`);
  try {
    // With a cache of its own, which goes with the folder.
    const places = ['--pack-destination', temporary, '--cache', join(temporary, 'npm')];
    const patience = ['--fetch-retries', '1', '--fetch-retry-mintimeout', '1000', '--loglevel', 'error'];
    const { stdout } = await run('npm', ['pack', name, ...places, ...patience], { cwd: temporary, timeout: FETCH_MS });
    const archive = join(temporary, stdout.trim().split('\n').at(-1) ?? '');
    await run('tar', ['-xzf', archive, '-C', temporary, ...files.map((file) => `package/${file}`)], { timeout: FETCH_MS });
    // npm does it for what it installs.
    chmodSync(join(temporary, 'package', files[0]), 0o755);
    try {
      renameSync(join(temporary, 'package'), folder);
    } catch (error) {
      if (!existsSync(join(folder, files[0]))) throw error;
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** As the packages are named. */
function platformName(): string {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const isMusl = process.platform === 'linux' && header.glibcVersionRuntime === undefined;
  return `${process.platform}-${process.arch}${isMusl ? '-musl' : ''}`;
}

function firstLines(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  const said = stderr === undefined || stderr.trim() === '' ? (message ?? String(error)) : stderr;
  return said.trim().split('\n').slice(0, 3).join(' | ');
}
