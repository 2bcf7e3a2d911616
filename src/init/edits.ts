import type { Problem } from '../failure.ts';
import { fail, ok, type Result } from '../result.ts';
import type { InitFacts } from './facts.ts';
import { JsonFile, ShapeError, type JsonTools } from './json-file.ts';
import { hasMark, putBlock, takeBlocks, type Marks } from './marked-block.ts';
import { proposeServices, scriptsOf } from './propose.ts';
import { putScripts, takeScripts } from './scripts-edit.ts';
import { putServer, takeServer } from './server-edit.ts';
import { putSettings, takeSettings } from './settings-edit.ts';
import { agentNotes, configText, isUnchanged, procfileText } from './texts.ts';

/** What a file was before init, where that is remembered; `undefined` as text: there was none. */
export type Origin = { kind: 'known'; text: string | undefined } | { kind: 'unknown' };

/** What init does to one file, and how it is undone. */
export interface Edit {
  file: string;
  /** The text with what devctl wants in it; unchanged where it has it. */
  put: (text: string | undefined) => Result<string | undefined, Problem>;
  /** The text without what init has put into it; `undefined`: the file goes. */
  take: (text: string, origin: Origin) => Result<string | undefined, Problem>;
  /** What it puts in stands between marks: it is init's, whoever typed init. */
  isMarked?: boolean;
}

/** Every edit for this project, in the order in which they are shown. */
export function makeEdits(facts: InitFacts, tools: JsonTools): Edit[] {
  const { texts, install } = facts;
  const procfile = texts.get('Procfile.dev') ?? procfileText(proposeServices(facts));
  const config = texts.has('devctl.yaml') ? undefined : configText(procfile, scriptsOf(texts));
  return [
    wholeFile('Procfile.dev', procfile),
    ...(config === undefined && !texts.has('devctl.yml') ? [] : [wholeFile('devctl.yml', config)]),
    ...(texts.has('package.json') ? [jsonEdit('package.json', tools, { put: putScripts, take: takeScripts, mayGo: false })] : []),
    ...(facts.isGit || texts.has('.gitignore') ? [block('.gitignore', HASH_MARKS, '/log/', ignoresLogs)] : []),
    ...noteFiles(facts).map((file) => block(file, HTML_MARKS, agentNotes(install))),
    jsonEdit('.claude/settings.json', tools, {
      put: (json) => {
        putSettings(json, install);
      },
      take: takeSettings,
      mayGo: true,
    }),
    jsonEdit('.mcp.json', tools, {
      put: (json) => {
        putServer(json, install);
      },
      take: takeServer,
      mayGo: true,
    }),
  ];
}

/** A file of init's own: written where there is none, taken away unless it was changed or was there before. */
export function wholeFile(file: string, body: string | undefined): Edit {
  return {
    file,
    put: (text) => ok(text ?? body),
    take: (text, origin) => ok(wasThere(origin) || !isUnchanged(text) ? text : undefined),
  };
}

const wasThere = (origin: Origin): boolean => origin.kind === 'known' && origin.text !== undefined;

const HASH_MARKS: Marks = { begin: '# devctl: begin', end: '# devctl: end' };
const HTML_MARKS: Marks = { begin: '<!-- devctl: begin -->', end: '<!-- devctl: end -->' };

function block(file: string, marks: Marks, body: string, isThere?: (text: string) => boolean): Edit {
  return {
    file,
    isMarked: true,
    put: (text = '') => (isThere?.(text) === true && !hasMark(text, marks) ? ok(text) : putBlock(file, text, marks, body)),
    take: (text, origin) => {
      const rest = takeBlocks(file, text, marks);
      if (!rest.ok) return rest;
      return ok(rest.value !== text && rest.value.trim() === '' && !wasThere(origin) ? undefined : rest.value);
    },
  };
}

/** Is the folder of the logs ignored already? */
function ignoresLogs(text: string): boolean {
  return /^\/?(?:\*\*\/)?log(?:\/|\/\*|\/\*\*)?\s*$/m.test(text) || /^\*\.log\s*$/m.test(text);
}

/** CLAUDE.md and AGENTS.md, those that are there; CLAUDE.md where neither is. One that only names the other is left alone. */
function noteFiles({ texts, isOneNoteFile }: InitFacts): string[] {
  const there = ['CLAUDE.md', 'AGENTS.md'].filter((file) => texts.has(file));
  const isPointer = texts.has('AGENTS.md') && /^@AGENTS\.md\s*$/.test(texts.get('CLAUDE.md') ?? '');
  if (isPointer || isOneNoteFile) return ['AGENTS.md'];
  return there.length > 0 ? there : ['CLAUDE.md'];
}

interface JsonEditing {
  put: (json: JsonFile) => void;
  /** `had`: the file from before, where it is remembered: what stood there is not init's. */
  take: (json: JsonFile, had: JsonFile | undefined) => void;
  /** May the file go when nothing is left in it, and nobody remembers that it was there? */
  mayGo: boolean;
}

function jsonEdit(file: string, tools: JsonTools, { put, take, mayGo }: JsonEditing): Edit {
  const open = (text: string | undefined) => JsonFile.open(file, text, tools);
  const change = (text: string | undefined, edit: (json: JsonFile) => void): Result<JsonFile, Problem> => {
    const json = open(text);
    if (!json.ok) return json;
    try {
      edit(json.value);
      return json;
    } catch (error) {
      if (error instanceof ShapeError) return fail(error.problem);
      throw error;
    }
  };
  return {
    file,
    put: (text) => {
      const json = change(text, put);
      return json.ok ? ok(json.value.text) : json;
    },
    take: (text, origin) => {
      const before = origin.kind === 'known' ? open(origin.text) : undefined;
      const json = change(text, (one) => {
        take(one, before?.ok === true ? before.value : undefined);
      });
      if (!json.ok) return json;
      const isChanged = json.value.text !== text;
      return ok(isChanged && json.value.isEmpty && mayGo && !wasThere(origin) ? undefined : json.value.text);
    },
  };
}
