import type { Place, Rule, SyntaxFinder } from '../rule.ts';
import { GLOBAL } from '../shapes/global-object.ts';

/** What a program for the command line prints is its answer; what a test prints is for the one who looks. */
const places: readonly Place[] = ['production'];

/** `if (DEBUG) console.log(...)`, `verbose && console.log(...)`: a switch that is off in production. */
export const SWITCHED =
  /\bif\s*\((?:[^()]|\([^()]*\))*(?:debug|verbose|__DEV__|NODE_ENV|\bisDev|\.DEV\b)(?:[^()]|\([^()]*\))*\)\s*(?:\{[^}]*)?$|(?:debug|verbose|__DEV__)\w*\s*&&\s*$/i;

const GLOBAL_CONSOLE = String.raw`^${GLOBAL}\s*\??\.\s*console$`;
/** `globalThis.console.log`, and the object under another name. */
const otherNames: SyntaxFinder = {
  by: 'syntax',
  words: [
    /console/,
    new RegExp(
      String.raw`=\s*(?:${GLOBAL}\s*\??\.\s*)?console\s*(?:$|[^\s.?[\w])|=\s*console\s*\n|\b${GLOBAL}\s*\??\.\s*console\b`,
      'm',
    ),
  ],
  utils: {
    console: {
      any: [
        { kind: 'identifier', regex: '^console$' },
        { kind: 'member_expression', regex: GLOBAL_CONSOLE },
      ],
    },
  },
  find: {
    any: [
      { kind: 'variable_declarator', has: { field: 'value', matches: 'console' } },
      { kind: 'public_field_definition', has: { field: 'value', matches: 'console' } },
      { kind: 'assignment_expression', has: { field: 'right', matches: 'console' } },
      {
        kind: 'member_expression',
        has: {
          field: 'object',
          kind: 'member_expression',
          regex: GLOBAL_CONSOLE,
        },
      },
    ],
  },
};

export const noConsole: Rule = {
  id: 'no-console',
  message: 'console output in production code',
  why: 'It was for the one who wrote it. In production nobody reads it; it costs time, and it tells what it should not.',
  instead: 'Take it out, or use the logger of the project, which has levels and can be switched off.',
  severity: ['off', 'warning', 'error', 'error'],
  places,
  finders: [
    { by: 'oxlint', rule: 'no-console', text: /^console\s*(?:\??\.\s*(?!error\b|warn\b)|\??\.?\s*\[)/, unless: SWITCHED },
    otherNames,
  ],
  bad: [
    { code: 'console.log("here");' },
    { code: 'export const a = (x: number) => (console.debug(x), x);' },
    { code: 'const { log } = console;\nlog("here");' },
    { code: 'const log = console.log.bind(console);\nlog("here");' },
    { code: 'window.console.log("here");' },
    { code: 'console["log"]("here");' },
    { code: 'export const A = () => <button onClick={() => console.log("clicked")} />;', file: 'a.tsx' },
    { code: 'console\n  .table(rows);' },
    { code: 'const out = console;\nout.info("here");' },
    { code: 'console?.log?.("here");' },
    { code: 'if (debug) { count += 1; }\nconsole.log("here");' },
  ],
  good: [
    { code: 'logger.log("here");' },
    { code: 'export function f(console: Logger) { console.log("a logger of that name"); }' },
    { code: 'export const text = "console.log(1)"; // console.log(2)' },
    { code: 'console.error("it failed");' },
    {
      code: 'if (options.debug) { console.log("here"); }\nif (process.env.NODE_ENV !== "production") console.info("dev");\nDEBUG && console.log(1);',
    },
    { code: 'if (options.verbose) {\n  if (name) { count += 1; }\n  console.log(name);\n}' },
    { code: '#!/usr/bin/env node\nconsole.log("the answer");', file: 'run.mjs' },
    { code: 'console.log("the answer");', file: 'scripts/build.mjs' },
    { code: 'export const make = (logger: Logger = console) => logger;' },
  ],
};
