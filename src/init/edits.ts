import type { Problem } from '../failure.ts';
import { ok, type Result } from '../result.ts';
import type { InitFacts } from './facts.ts';
import { JsonFile, type JsonTools } from './json-file.ts';
import { proposeServices, scriptsOf } from './propose.ts';
import { putSettings, takeSettings } from './settings-edit.ts';
import { agentNotes, configText, isUnchanged, procfileText } from './texts.ts';

/** What init does to one file, and how it is undone. */
export interface Edit {
  file: string;
  /** The text with what devctl wants in it; unchanged where it has it. */
  put: (text: string | undefined) => Result<string | undefined, Problem>;
  /** The text without it; `undefined`: the file goes. */
  take: (text: string) => Result<string | undefined, Problem>;
}

/** Every edit for this project, in the order in which they are shown. */
export function makeEdits(facts: InitFacts, tools: JsonTools): Edit[] {
  const { texts } = facts;
  const procfile = texts.get('Procfile.dev') ?? procfileText(proposeServices(facts));
  const config = texts.has('devctl.yaml') ? undefined : configText(procfile, scriptsOf(texts));
  return [
    wholeFile('Procfile.dev', procfile),
    ...(config === undefined && !texts.has('devctl.yml') ? [] : [wholeFile('devctl.yml', config)]),
    ...(texts.has('package.json') ? [jsonEdit('package.json', tools, putScripts, takeScripts)] : []),
    ...(facts.isGit || texts.has('.gitignore') ? [block('.gitignore', HASH_MARKS, '/log/', ignoresLogs)] : []),
    ...noteFiles(texts).map((file) => block(file, HTML_MARKS, agentNotes(facts.install))),
    jsonEdit(
      '.claude/settings.json',
      tools,
      (json) => {
        putSettings(json, facts.install);
      },
      takeSettings,
    ),
    jsonEdit(
      '.mcp.json',
      tools,
      (json) => {
        putServer(json, facts.install);
      },
      takeServer,
    ),
  ];
}

/** A file of init's own: written where there is none, taken away unless it was changed. */
function wholeFile(file: string, body: string | undefined): Edit {
  return { file, put: (text) => ok(text ?? body), take: (text) => ok(isUnchanged(text) ? undefined : text) };
}

const HASH_MARKS = ['# devctl: begin', '# devctl: end'] as const;
const HTML_MARKS = ['<!-- devctl: begin -->', '<!-- devctl: end -->'] as const;

/** A part between two marks at a file's end, or where it stands already. */
function block(file: string, [begin, end]: readonly [string, string], body: string, isThere?: (text: string) => boolean): Edit {
  const wanted = `${begin}\n${body}\n${end}\n`;
  const part = new RegExp(`\\n?${escape(begin)}\\r?\\n[^]*?${escape(end)}\\r?\\n?`);
  return {
    file,
    put: (text = '') => {
      if (part.test(text)) return ok(text.replace(part, (old) => (old.startsWith('\n') ? '\n' : '') + wanted));
      if (isThere?.(text) === true) return ok(text);
      return ok(text === '' ? wanted : `${text}\n${wanted}`);
    },
    take: (text) => {
      const rest = text.replace(part, '');
      return ok(rest.trim() === '' && part.test(text) ? undefined : rest);
    },
  };
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Is the folder of the logs ignored already? */
function ignoresLogs(text: string): boolean {
  return /^\/?(?:\*\*\/)?log(?:\/|\/\*|\/\*\*)?\s*$/m.test(text) || /^\*\.log\s*$/m.test(text);
}

/** CLAUDE.md and AGENTS.md, those that are there; CLAUDE.md where neither is. One that only names the other is left alone. */
function noteFiles(texts: InitFacts['texts']): string[] {
  const there = ['CLAUDE.md', 'AGENTS.md'].filter((file) => texts.has(file));
  const isPointer = texts.has('AGENTS.md') && /^@AGENTS\.md\s*$/.test(texts.get('CLAUDE.md') ?? '');
  const isSame = texts.has('AGENTS.md') && texts.get('CLAUDE.md') === texts.get('AGENTS.md');
  if (isPointer || isSame) return ['AGENTS.md'];
  return there.length > 0 ? there : ['CLAUDE.md'];
}

function jsonEdit(file: string, tools: JsonTools, put: (json: JsonFile) => void, take: (json: JsonFile) => void): Edit {
  return {
    file,
    put: (text) => {
      const json = JsonFile.open(file, text, tools);
      if (!json.ok) return json;
      put(json.value);
      return ok(json.value.text);
    },
    take: (text) => {
      const json = JsonFile.open(file, text, tools);
      if (!json.ok) return json;
      const before = json.value.text;
      take(json.value);
      return ok(json.value.isEmpty && json.value.text !== before ? undefined : json.value.text);
    },
  };
}

const SCRIPTS: Record<string, string> = {
  dev: 'devctl start',
  'dev:stop': 'devctl stop',
  'dev:restart': 'devctl restart',
  'dev:status': 'devctl status',
  'dev:logs': 'devctl logs',
};

/** Those that are free: a script of the project's stays as it is. */
function putScripts(json: JsonFile): void {
  for (const [name, command] of Object.entries(SCRIPTS))
    if (json.get(['scripts', name]) === undefined) json.set(['scripts', name], command);
}

function takeScripts(json: JsonFile): void {
  for (const [name, command] of Object.entries(SCRIPTS))
    if (json.get(['scripts', name]) === command) json.remove(['scripts', name]);
  json.dropEmpty(['scripts']);
}

const SERVERS = {
  global: { type: 'stdio', command: 'devctl', args: ['mcp'] },
  // The server is started in the project's folder. Source: measured, Claude Code 2.1.329.
  local: { type: 'stdio', command: './node_modules/.bin/devctl', args: ['mcp'] },
};

function putServer(json: JsonFile, install: InitFacts['install']): void {
  if (json.get(['mcpServers', 'devctl']) === undefined) json.set(['mcpServers', 'devctl'], SERVERS[install]);
}

function takeServer(json: JsonFile): void {
  const server = JSON.stringify(json.get(['mcpServers', 'devctl']));
  if (Object.values(SERVERS).some((ours) => JSON.stringify(ours) === server)) json.remove(['mcpServers', 'devctl']);
  json.dropEmpty(['mcpServers']);
}
