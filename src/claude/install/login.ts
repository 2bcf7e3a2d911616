import { join } from 'node:path';
import type { Machine } from '../../machine/machine.ts';
import { claudeFolder } from '../sessions.ts';

/**
 * How Claude Code is going to authenticate, by names alone: no secret is read. In Claude Code's own order of precedence.
 * Source: Claude Code's documentation on authentication; its settings and credentials files.
 */
const VARIABLES: readonly { name: string; means: string }[] = [
  { name: 'CLAUDE_CODE_USE_BEDROCK', means: 'Amazon Bedrock' },
  { name: 'CLAUDE_CODE_USE_VERTEX', means: 'Google Vertex AI' },
  { name: 'CLAUDE_CODE_USE_FOUNDRY', means: 'Microsoft Foundry' },
  { name: 'ANTHROPIC_AUTH_TOKEN', means: 'a bearer token' },
  { name: 'ANTHROPIC_API_KEY', means: 'an API key' },
];

/** "an API key (ANTHROPIC_API_KEY)"; `undefined` where nothing of the kind was found. */
export function describeLogin({ env, files, home }: Pick<Machine, 'env' | 'files' | 'home'>): string | undefined {
  const found = VARIABLES.find(({ name }) => (env[name] ?? '') !== '' && env[name] !== '0');
  if (found) return `${found.means} (${found.name})`;
  const folder = claudeFolder({ env, home });
  const settings = join(folder, 'settings.json');
  if (namesHelper(files, settings)) return `a helper program (apiKeyHelper in ${settings})`;
  if ((env['CLAUDE_CODE_OAUTH_TOKEN'] ?? '') !== '') return 'a long-lived token (CLAUDE_CODE_OAUTH_TOKEN)';
  const credentials = join(folder, '.credentials.json');
  return files.stat(credentials) === undefined ? undefined : `its own login (${credentials})`;
}

function namesHelper(files: Machine['files'], path: string): boolean {
  try {
    const settings: unknown = JSON.parse(files.readText(path) ?? '{}');
    return typeof settings === 'object' && settings !== null && 'apiKeyHelper' in settings;
  } catch {
    return false;
  }
}
