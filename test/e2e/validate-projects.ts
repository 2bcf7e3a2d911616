import { expect } from 'vitest';
import { DEVCTL, type Ran, type Rig, type RunOptions } from '../support/rig.ts';

export interface Found {
  rule: string;
  severity: string;
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  message: string;
}

export interface Judged {
  files: number;
  skipped: { file: string; why: string }[];
  errors: number;
  warnings: number;
  ignored: number;
  known: number;
  gone: number;
  mended: number;
  level: number;
  testLevel: number;
  findings: Found[];
}

/** One error and nothing else, at every level but the lowest. */
export const BAD = 'try { work(); } catch {}\n';
export const GOOD = 'export const answer = 42;\n';
/** One warning and nothing else, at the standard level. */
export const WARNED = 'export const first = (list: any): unknown => list;\n';

/** What `validate WORDS --json` says; it has to end with 0, 1 or 2, with one document. */
export async function judge(rig: Rig, words: string | string[] = '', options: RunOptions = {}): Promise<Judged> {
  const list = typeof words === 'string' ? words.split(' ').filter(Boolean) : words;
  const ran = await rig.exec('node', [DEVCTL, 'validate', '--json', ...list], options);
  expect([0, 1, 2], ran.stdout + ran.stderr).toContain(ran.code);
  return (JSON.parse(ran.stdout) as { data: Judged }).data;
}

/** The files in which something was found, each once. */
export const filesOf = ({ findings }: Judged): string[] => [...new Set(findings.map(({ file }) => file))].sort();

/** "file:line rule" of each finding. */
export const linesOf = ({ findings }: Judged): string[] =>
  findings.map(({ file, line, rule }) => `${file}:${String(line)} ${rule}`);

export const rulesOf = ({ findings }: Judged): string[] => findings.map(({ rule }) => rule).sort();

const IDENTITY = '-c user.name=a -c user.email=a@example.com -c commit.gpgsign=false -c protocol.file.allow=always';

/** `git` as whoever has a name; throws if it fails. */
export async function git(rig: Rig, words: string, options: RunOptions = {}): Promise<Ran> {
  const ran = await rig.sh(`git ${IDENTITY} ${words}`, options);
  expect(ran.code, `git ${words}\n${ran.stdout}${ran.stderr}`).toBe(0);
  return ran;
}

/** A repository with all files in its first commit. */
export async function commitAll(rig: Rig): Promise<void> {
  await git(rig, 'init -q -b main .');
  await git(rig, 'add -A');
  await git(rig, 'commit -q --no-verify -m first');
}
