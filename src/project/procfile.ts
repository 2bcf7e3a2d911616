import type { Problem } from '../failure.ts';

/** One service of a Procfile. */
export interface ProcfileEntry {
  name: string;
  command: string;
  line: number;
}

export interface ParsedProcfile {
  entries: ProcfileEntry[];
  problems: Problem[];
  /** Said once, and no reason to stop: the same line twice. */
  warnings: Problem[];
}

/** foreman's rule, and so overmind's but for the space that overmind wants. Source: foreman lib/foreman/procfile.rb. */
const ENTRY = /^([A-Za-z0-9_-]+):[ \t]*(\S[^]*)$/;

/**
 * Reads a Procfile. A byte order mark, CRLF and old Mac line ends, blank lines and (indented) `#` comments are
 * accepted. Every other line is an entry or a problem with its place: none is ever dropped in silence, as all peers do.
 */
export function parseProcfile(text: string, file: string): ParsedProcfile {
  const entries: ProcfileEntry[] = [];
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  let continued = false;

  lines.forEach((raw, index) => {
    const line = index + 1;
    const at = (column: number) => ({ file, line, column });
    const isContinuation = continued;
    continued = isContinued(raw);
    if (raw.includes('\0')) {
      problems.push({ place: at(raw.indexOf('\0') + 1), what: 'The line holds a NUL byte: this is not a text file' });
      return;
    }
    const isComment = raw.trimStart().startsWith('#');
    if (raw.trim() === '' || isComment || isContinuation) return;
    if (continued) {
      problems.push(explainContinuation(lines, index, at));
      return;
    }
    const match = ENTRY.exec(raw);
    if (!match) {
      problems.push(explainLine(raw, at));
      return;
    }
    entries.push({ name: match[1] ?? '', command: (match[2] ?? '').trimEnd(), line });
  });

  return { ...dedupe(entries, file, problems, warnings), problems, warnings };
}

function isContinued(raw: string): boolean {
  return raw.trimEnd().endsWith('\\') && !raw.trimStart().startsWith('#');
}

function explainContinuation(lines: string[], index: number, at: (column: number) => Problem['place']): Problem {
  const joined = joinContinuation(lines, index);
  return {
    place: at((lines[index] ?? '').trimEnd().length),
    what: 'A Procfile has no continued lines: other tools run this one cut off at the backslash',
    ...(joined === '' ? {} : { instead: ENTRY.test(joined) ? joined : (explainLine(joined, at).instead ?? joined) }),
  };
}

/** The line and those that continue it, without the backslashes; a comment ends it. */
function joinContinuation(lines: string[], start: number): string {
  const parts: string[] = [];
  for (let i = start; i < lines.length && !(lines[i] ?? '').trimStart().startsWith('#'); i += 1) {
    const part = (lines[i] ?? '').trim();
    parts.push(part.replace(/(?:\s*\\)+$/, ''));
    if (!part.endsWith('\\')) break;
  }
  return parts.filter((part) => part !== '').join(' ');
}

/** Says what is wrong with a line that is no entry, and what was probably meant. */
function explainLine(raw: string, at: (column: number) => Problem['place']): Problem {
  const indent = raw.length - raw.trimStart().length;
  const text = raw.trim();
  const place = at(indent + 1);
  if (/^(\/\/|;|--|\/\*|\*)/.test(text)) {
    const comment = text.replace(/^(\/\/|;|--|\/\*+|\*+\/?)\s*/, '').replace(/\s*\*\/$/, '');
    return { place, what: 'A comment starts with "#"', instead: `# ${comment}`.trimEnd() };
  }
  const named = /^([^\s:]+)(\s*):\s*([^]*)$/.exec(text);
  if (named && looksLikeName(named[1] ?? '')) {
    const [, name = '', space = '', command = ''] = named;
    const safe = name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || 'web';
    if (command === '') {
      return { place: at(raw.trimEnd().length + 1), what: `The service "${name}" has no command`, instead: `${safe}: COMMAND` };
    }
    if (safe !== name) {
      return { place, what: `The name "${name}" may hold only letters, digits, "_" and "-"`, instead: `${safe}: ${command}` };
    }
    if (space !== '') {
      return {
        place: at(indent + name.length + 1),
        what: 'There may be no space before the colon',
        instead: `${name}: ${command}`,
      };
    }
    return { place, what: 'A service starts in the first column', instead: `${name}: ${command}` };
  }
  return { place, what: 'This is no "name: command" line', instead: `${suggestName(text)}: ${text}` };
}

function looksLikeName(word: string): boolean {
  return !/[/$"'=(){}\\]/.test(word) || /^[\w.-]+\/[\w.-]+$/.test(word);
}

function suggestName(command: string): string {
  const word = command.split(/\s+/).find((part) => !part.includes('=')) ?? '';
  return (word.split('/').pop() ?? '').replace(/\.\w+$/, '').replace(/[^A-Za-z0-9_-]/g, '') || 'web';
}

function freeName(name: string, entries: ProcfileEntry[]): string {
  const isTaken = (candidate: string) => entries.some((entry) => entry.name.toLowerCase() === candidate.toLowerCase());
  let number = 2;
  while (isTaken(`${name}${String(number)}`)) number += 1;
  return `${name}${String(number)}`;
}

function dedupe(entries: ProcfileEntry[], file: string, problems: Problem[], warnings: Problem[]): { entries: ProcfileEntry[] } {
  const kept = new Map<string, ProcfileEntry>();
  for (const entry of entries) {
    const key = entry.name.toLowerCase();
    const first = kept.get(key);
    const place = { file, line: entry.line, column: 1 };
    if (!first) {
      kept.set(key, entry);
    } else if (first.name !== entry.name) {
      problems.push({
        place,
        what: `"${entry.name}" and "${first.name}" of line ${String(first.line)} differ only in case: their log files would be one on macOS`,
        instead: `${freeName(entry.name, entries)}: ${entry.command}`,
      });
    } else if (first.command === entry.command) {
      warnings.push({ place, what: `"${entry.name}" stands here as in line ${String(first.line)}: it is run once` });
    } else {
      problems.push({
        place,
        what: `"${entry.name}" has another command in line ${String(first.line)}`,
        instead: `${freeName(entry.name, entries)}: ${entry.command}`,
      });
    }
  }
  return { entries: [...kept.values()] };
}
