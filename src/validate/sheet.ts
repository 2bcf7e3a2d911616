import type { Files } from '../machine/files.ts';
import { longLines } from './lines.ts';
import type { Place } from './rule.ts';
import type { Source } from './source.ts';

/** A file that was read, and can be judged. */
export interface Sheet {
  source: Source;
  text: string;
  place: Place;
  /** `packed`: most of it was made by a minifier; in its long lines only secrets are looked for, for nobody mends them. */
  kind: 'code' | 'packed';
  /** It is not UTF-8: written back it would be another file. */
  isRecoded: boolean;
  /** The finders may not read the file itself: another encoding, or words that would quiet a linter. */
  needsCopy: boolean;
}

/** Why a file is not judged. */
export type Skipped = 'binary' | 'too-large' | 'unreadable';

const MAX_BYTES = 16 * 1024 * 1024;
/** Nobody writes longer lines, but for one or the other. */
export const LONG_LINE = 500;
const PACKED_LEAST = 4096;
/** Of a long line of code, so much is punctuation; of a picture, a table or a text it is not. */
const PUNCTUATION = /[;(){}=]/g;
const PUNCTUATED = 0.05;

/**
 * Words by which a file tells oxlint to pass over it, and nothing is said: its own directives, and Flow's pragma.
 * Source: measured, oxlint 1.94 (`respectEslintDisableDirectives` is for ESLint's).
 */
const QUIETS = /oxlint-disable|@flow\b/;
/** Names that oxlint passes over or cannot write as they are, and endings that tell no language. Source: measured, oxlint 1.94. */
const ODD_NAME = /[._-](?:min|bundle)\.[cm]?[jt]sx?$|[A-Z][A-Za-z]*$|\\/;

export function readSheet(files: Files, source: Source, placeOf: (path: string, text: string) => Place): Sheet | Skipped {
  const bytes = readBytes(files, source);
  if (!Buffer.isBuffer(bytes)) return bytes;
  const decoded = decode(bytes);
  if (decoded === undefined) return 'binary';
  const { text, isPlain } = decoded;
  return {
    source,
    text,
    place: placeOf(source.path, text),
    kind: isPacked(text) ? 'packed' : 'code',
    isRecoded: !isPlain,
    needsCopy: !isPlain || QUIETS.test(text) || ODD_NAME.test(source.at),
  };
}

function readBytes(files: Files, { at, size }: Source): Buffer | Skipped {
  if (size > MAX_BYTES) return 'too-large';
  try {
    return files.readSlice(at, 0, size);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return 'unreadable';
  }
}

/** UTF-8, and UTF-16 by its mark, as TypeScript reads them; what is neither and has a byte 0 is no text. */
function decode(bytes: Buffer): { text: string; isPlain: boolean } | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: bytes.subarray(2).toString('utf16le'), isPlain: false };
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return {
      text: Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)))
        .swap16()
        .toString('utf16le'),
      isPlain: false,
    };
  const text = bytes.toString('utf8');
  const isPlain = !text.includes('\uFFFD');
  return isPlain || !bytes.includes(0) ? { text, isPlain } : undefined;
}

/** Most of it is code in long lines. */
function isPacked(text: string): boolean {
  let packed = 0;
  let punctuation = 0;
  for (const { from, to } of longLines(text, LONG_LINE)) {
    packed += to - from;
    punctuation += text.slice(from, to).match(PUNCTUATION)?.length ?? 0;
  }
  return packed > PACKED_LEAST && packed > text.length / 2 && punctuation > packed * PUNCTUATED;
}

/** What of a text counts: of a packed one, its short lines. */
export function countedText({ kind, text }: Sheet): string {
  if (kind === 'code') return text;
  let counted = '';
  let at = 0;
  for (const { from, to } of longLines(text, LONG_LINE)) {
    counted += text.slice(at, from);
    at = to;
  }
  return counted + text.slice(at);
}

/** The text as oxlint may read it, with every character where it was. */
export const withoutQuiet = (text: string): string =>
  text.replaceAll('oxlint-disable', 'oxlint_disable').replace(/@flow\b/g, '@fl_w');
