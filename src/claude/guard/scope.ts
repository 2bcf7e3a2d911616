import { resolve } from 'node:path';
import type { CompoundList, CompoundCommand, Redirected } from 'unbash';
import type { Denial } from './denial.ts';
import type { ReadText } from './project-files.ts';
import { HOLE, type Value } from './values.ts';

export type Body = CompoundCommand | Redirected | CompoundList;

/** What a shell would know at one point of a command line. */
export interface Scope {
  /** Absolute; `undefined` where it cannot be told. */
  cwd: string | undefined;
  previousCwd: string | undefined;
  variables: Map<string, Value>;
  functions: Map<string, Body>;
  /** What standard input holds. */
  stdin: Value | undefined;
  /** How deep scripts are nested in scripts. */
  depth: number;
}

/** What is to be said of the programs that a command line would run. */
export interface Judge {
  program: (program: string, args: Value[], scope: Scope) => Denial | undefined;
  /** A script named `dev` that does not run devctl. */
  devScript: (command: string, scope: Scope) => Denial | undefined;
}

/** What the parts of the walk ask of each other. */
export interface Walk {
  readText: ReadText;
  judge: Judge;
  /** Shell text that would be run. */
  script: (text: string, scope: Scope) => Denial | undefined;
  body: (body: Body, scope: Scope) => Denial | undefined;
  /** A program with its arguments that would be run. */
  words: (words: Value[], scope: Scope) => Denial | undefined;
}

/** What was found where a program runs another: then nothing more is to be said of it. */
export interface Step {
  denial: Denial | undefined;
}

/** Scripts that call each other end here. */
const MAX_DEPTH = 12;

export const isTooDeep = ({ depth }: Scope): boolean => depth > MAX_DEPTH;

export function freshScope(cwd: string | undefined): Scope {
  return { cwd, previousCwd: undefined, variables: new Map(), functions: new Map(), stdin: undefined, depth: 0 };
}

/** A copy for what runs in a process of its own: what it changes does not last. */
export function inner(scope: Scope, changes: Partial<Scope> = {}): Scope {
  return {
    ...scope,
    variables: new Map(scope.variables),
    functions: new Map(scope.functions),
    depth: scope.depth + 1,
    ...changes,
  };
}

/** The same scope, one call further in. */
export function deeper(scope: Scope): Scope {
  return { ...scope, depth: scope.depth + 1 };
}

/** Nobody's folder is called so. */
const MAX_PATH = 500;

export function folderIn(scope: Scope, word: string): string | undefined {
  if (word.includes(HOLE) || word.startsWith('~')) return undefined;
  if (word.startsWith('/')) return resolve(word);
  const path = scope.cwd === undefined ? undefined : resolve(scope.cwd, word);
  return path !== undefined && path.length > MAX_PATH ? undefined : path;
}
