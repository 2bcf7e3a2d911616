import { lstatSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Ran, Rig } from '../support/rig.ts';

/** Every file of a project with its mode and its bytes, every folder and every link. */
export function tree(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/^\.git(?:\/|$)/.test(name)) continue;
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) found[name] = `-> ${readlinkSync(path)}`;
    else if (stat.isDirectory()) found[name] = 'folder';
    else found[name] = `${(stat.mode & 0o777).toString(8)} ${readFileSync(path, 'latin1')}`;
  }
  return found;
}

/** Only what `init --remove` has left to go by is in the files themselves. */
export function forget(rig: Rig): void {
  for (const name of readdirSync(join(rig.root, 's'))) rmSync(join(rig.root, 's', name), { recursive: true });
}

export async function run(rig: Rig, words: string, code = 0): Promise<Ran> {
  const ran = await rig.devctl(words);
  expect(ran.code, `${words}\n${ran.stdout}${ran.stderr}`).toBe(code);
  return ran;
}

export const json = (rig: Rig, name: string): Record<string, Record<string, unknown>> =>
  JSON.parse(rig.read(name).replace('\uFEFF', '')) as Record<string, Record<string, unknown>>;

export interface Settings {
  hooks: Record<string, { matcher?: string; hooks: { type: string; command: string }[] }[]>;
  permissions: Record<string, string[]>;
}

export const settings = (rig: Rig): Settings => JSON.parse(rig.read('.claude/settings.json').replace('\uFEFF', '')) as Settings;

/** The commands of one event. */
export const commandsOf = (rig: Rig, event: string): string[] =>
  (settings(rig).hooks[event] ?? []).flatMap((group) => group.hooks.map(({ command }) => command));

const pretty = (value: unknown, indent: string | number = 2) => `${JSON.stringify(value, undefined, indent)}\n`;
const crlf = (text: string) => text.replaceAll('\n', '\r\n');

const PACKAGE = { name: 'x', private: true, scripts: { start: 'node server.js', test: 'true' }, dependencies: { a: '1' } };
const SETTINGS = {
  model: 'opus',
  permissions: { allow: ['Bash(ls:*)'], deny: ['Read(.env)'] },
  hooks: {
    PreToolUse: [{ matcher: 'Edit|Write', hooks: [{ type: 'command', command: 'mine.sh' }] }],
    Stop: [{ hooks: [{ type: 'command', command: 'say done' }] }],
  },
  env: { A: '1' },
};
const MCP = { mcpServers: { other: { type: 'stdio', command: 'other', args: [] } } };
const NOTES = '# Notes\n\nBe kind.\n';

function files(change: (text: string) => string, indent: string | number = 2): Record<string, string> {
  return {
    'package.json': change(pretty(PACKAGE, indent)),
    '.claude/settings.json': change(pretty(SETTINGS, indent)),
    '.mcp.json': change(pretty(MCP, indent)),
    '.gitignore': change('node_modules\ntmp\n'),
    'CLAUDE.md': change(NOTES),
  };
}

/** Written by hand: lists in one line, unusual blanks, an order of its own. */
const BY_HAND = `{
    "permissions": { "allow": ["Bash(ls:*)", "Bash(cat:*)"] , "deny":[] },

    "hooks": {"PreToolUse": [ {"matcher": "Bash", "hooks": [ {"type": "command", "command": "mine.sh"} ]} ] },
  "env" : {"A":"1"}
}
`;

export const PROJECTS: Record<string, Record<string, string>> = {
  'a package.json alone': { 'package.json': pretty(PACKAGE) },
  'two blanks': files((text) => text),
  tabs: files((text) => text, '\t'),
  'four blanks': files((text) => text, 4),
  CRLF: files(crlf),
  'byte order marks': files((text) => `\uFEFF${text}`),
  'byte order marks, and a Procfile': { ...files((text) => `\uFEFF${text}`), Procfile: 'web: node server.js\n' },
  'no newline at the end': files((text) => text.trimEnd()),
  'no newline at the end, and CRLF': files((text) => crlf(text).trimEnd()),
  'JSON in one line': {
    'package.json': JSON.stringify(PACKAGE),
    '.claude/settings.json': `${JSON.stringify(SETTINGS)}\n`,
    '.mcp.json': '{ "mcpServers": { "other": { "command": "other" } } }',
  },
  'settings written by hand': { 'package.json': pretty(PACKAGE), '.claude/settings.json': BY_HAND },
  'a Procfile alone': { Procfile: 'web: node server.js\nrelease: node migrate.js\nworker: node worker.js\n' },
  'a Procfile.dev that is there': { 'Procfile.dev': 'web: node server.js\n', 'package.json': pretty(PACKAGE) },
  Rails: {
    Gemfile: `source "https://rubygems.org"\ngem "rails", "~> 8.0"\ngem "puma"\ngem "tailwindcss-rails"\ngem "sidekiq"\n`,
    'bin/rails': '#!/usr/bin/env ruby\n',
    'bin/dev': '#!/bin/sh\nexec foreman start -f Procfile.dev\n',
    '.gitignore': '/log/*\n/tmp/*\n',
  },
  'images in docker-compose.yml': {
    'package.json': pretty(PACKAGE),
    'docker-compose.yml': 'services:\n  db:\n    image: postgres:17\n  redis:\n    image: redis\n  app:\n    build: .\n',
  },
  'AGENTS.md alone': { 'package.json': pretty(PACKAGE), 'AGENTS.md': NOTES },
  'CLAUDE.md that names AGENTS.md': { 'package.json': pretty(PACKAGE), 'AGENTS.md': NOTES, 'CLAUDE.md': '@AGENTS.md\n' },
  'CLAUDE.md with the text of AGENTS.md': { 'package.json': pretty(PACKAGE), 'AGENTS.md': NOTES, 'CLAUDE.md': NOTES },
  'notes with signs of regular expressions': { 'package.json': pretty(PACKAGE), 'CLAUDE.md': "Costs $& and $1, $`, $'.\n" },
};
