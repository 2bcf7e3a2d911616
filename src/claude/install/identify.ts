import { basename, dirname, join } from 'node:path';
import type { Files } from '../../machine/files.ts';
import { isNativeVersion, parseVersion } from './version.ts';

/**
 * What a `claude` is, by the file itself. `native`: a machine program. `node`: JavaScript that Node runs, up to 2.1.112.
 * `script`: some other script, which is run as it is. `incomplete`: the placeholder of an npm package whose install script did
 * not run. `ours`: a script that runs `devctl claude`, which would come back here.
 */
export type ClaudeKind = 'native' | 'node' | 'script' | 'incomplete' | 'ours';

export interface Identified {
  kind: ClaudeKind;
  /** What runs in the end: behind links and scripts that only pass on. */
  file: string;
  /** As far as the files tell. */
  version: string | undefined;
}

const HEAD_BYTES = 4096;
const MAX_HOPS = 5;

/** ELF, Mach-O (both byte orders, 32 and 64 bits, universal). */
const MAGIC = ['7f454c46', 'cffaedfe', 'feedfacf', 'cefaedfe', 'feedface', 'cafebabe'];
/** `exec "/home/me/.claude/local/node_modules/.bin/claude" "$@"`, and nothing else but comments: else the rest would be lost. */
const PASSES_ON = /^(?:\s*(?:#.*)?\n)*\s*exec\s+(?:"(\/[^"$`]+)"|'(\/[^']+)'|(\/[^\s"'$`]+))\s+"\$@"\s*$/;

/** Reads the file behind a path. Throws what the file system throws. */
export function identify(files: Files, path: string, hops = 0): Identified {
  const file = files.realpath(path) ?? path;
  const head = files.readSlice(file, 0, HEAD_BYTES);
  const version = versionBeside(files, file);
  if (MAGIC.includes(head.subarray(0, 4).toString('hex'))) return { kind: 'native', file, version };

  const text = head.toString('utf8');
  if (text.includes('claude native binary not installed')) return { kind: 'incomplete', file, version };
  if (/\bdevctl(?:\.js)?["']?\s(?:.*\s)?claude\b/.test(text)) return { kind: 'ours', file, version };
  const target = PASSES_ON.exec(text)?.slice(1).find(Boolean);
  if (target !== undefined && hops < MAX_HOPS && files.stat(target) !== undefined) return identify(files, target, hops + 1);
  const isNode = /^#!.*\bnode(?:js)?\b/.test(text) || /\.[mc]?js$/.test(file);
  // What Node starts in newer packages only starts the native one.
  return { kind: isNode && !(version !== undefined && isNativeVersion(version)) ? 'node' : 'script', file, version };
}

/** Of the npm package that it lies in, or of the native installer's file name. */
function versionBeside(files: Files, file: string): string | undefined {
  for (const folder of [dirname(file), dirname(dirname(file))]) {
    const { name, version } = readPackage(files, join(folder, 'package.json'));
    if (typeof name === 'string' && name.startsWith('@anthropic-ai/claude-code') && typeof version === 'string')
      return parseVersion(version);
  }
  return parseVersion(basename(file));
}

function readPackage(files: Files, path: string): { name?: unknown; version?: unknown } {
  try {
    return (JSON.parse(files.readText(path) ?? '{}') ?? {}) as { name?: unknown; version?: unknown };
  } catch {
    return {};
  }
}
