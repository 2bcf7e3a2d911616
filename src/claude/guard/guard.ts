import { dirname, join } from 'node:path';
import { parseProcfile } from '../../project/procfile.ts';
import { isWithin } from '../../project/within.ts';
import type { Denial } from './denial.ts';
import { interpreterOf, scriptOf } from './interpreters.ts';
import { judgeKill } from './kills.ts';
import { freshScope } from './scope.ts';
import { informs, isServer } from './servers.ts';
import type { ReadText } from './project-files.ts';
import type { Value } from './values.ts';
import { makeWalk, type Parser } from './walk.ts';

/** The project that is guarded. */
export interface GuardedProject {
  root: string;
  /** The text of its Procfile. */
  procfile: string;
  /** Where the command would be run. */
  cwd: string;
  readText: ReadText;
}

/** A program as the Procfile runs it. */
interface Signature {
  service: string;
  program: string;
  args: string[];
}

/** Programs that no service is known by. */
const COMMON =
  /^(?:echo|printf|sleep|true|false|:|test|\[|wait|trap|export|set|unset|exit|return|shift|cat|tail|head|grep|sed|awk|mkdir|rm|cp|mv|ln|touch|ls|date|env|kill|curl|wget|git|make|npm|yarn|pnpm|node|ruby|python|bun|php|perl|until|psql|pg_isready|redis-cli|mysqladmin|tput|stty|tee|source|\.)$/;

/** Why this command is not to be run; nothing where it may. Throws what the parser throws. */
export function judgeCommand(parser: Parser, command: string, project: GuardedProject): Denial | undefined {
  const signatures = readSignatures(parser, project);
  const isGuarded = (cwd: string | undefined) =>
    cwd === undefined || isWithin(cwd, project.root) || !isSomebodyElses(project.readText, cwd);
  const walk = makeWalk(parser, project.readText, {
    devScript: (text, { cwd }) => (isGuarded(cwd) ? { kind: 'dev-script', command: text } : undefined),
    program: (program, args, { cwd }) => {
      const words = args.map(({ text }) => text);
      const kill = judgeKill(program, args);
      if (kill) return kill;
      if (!isGuarded(cwd)) return undefined;
      const service = signatures.find((signature) => isSame(signature, program, args))?.service;
      if (service !== undefined) return { kind: 'server', program: shown(program, words), service };
      if (program === 'bin/dev') {
        const text = cwd === undefined ? undefined : project.readText(`${cwd}/bin/dev`);
        return text !== undefined && /\bdevctl\b/.test(text) ? undefined : { kind: 'server', program };
      }
      if (!isServer(program, words)) return undefined;
      // With other words than in the Procfile, but which service is meant is plain.
      const kin = signatures.filter((signature) => signature.program === program);
      return {
        kind: 'server',
        program: shown(program, words),
        ...(kin[0] && kin.length === 1 ? { service: kin[0].service } : {}),
      };
    },
  });
  return walk.script(command, freshScope(project.cwd));
}

/** What a folder of somebody's project has. */
const PROJECT_FILES: readonly string[] = [
  'package.json',
  'Gemfile',
  'pyproject.toml',
  'manage.py',
  'Procfile',
  'go.mod',
  'mix.exs',
];

/** A project that devctl does not run: how it is started there is its own business. */
function isSomebodyElses(readText: ReadText, cwd: string): boolean {
  let isProject = false;
  for (let folder = cwd; ; folder = dirname(folder)) {
    const has = (name: string) => readText(join(folder, name)) !== undefined;
    if (has('Procfile.dev') || has('devctl.yml')) return false;
    isProject ||= PROJECT_FILES.some(has);
    if (folder === dirname(folder)) return isProject;
  }
}

function shown(program: string, words: string[]): string {
  return [program, ...words.slice(0, 1)].join(' ').replaceAll('\0', '...');
}

/** The programs that the Procfile's lines come down to. */
function readSignatures(parser: Parser, { procfile, root, readText }: GuardedProject): Signature[] {
  return parseProcfile(procfile, 'Procfile').entries.flatMap(({ name: service, command }) => {
    const found: Signature[] = [];
    const walk = makeWalk(parser, readText, {
      devScript: () => undefined,
      program: (program, args) => {
        const script = scriptOf(program, args);
        if (script) found.push({ service, program, args: args.map(({ text }) => text) });
        else if (!COMMON.test(program) && interpreterOf(program) === undefined)
          found.push({ service, program, args: args.map(({ text }) => text) });
        return undefined;
      },
    });
    walk.script(command, freshScope(root));
    return found.slice(-1);
  });
}

/** The same script of an interpreter; else the same program with at least the same words, or with none. */
function isSame(signature: Signature, program: string, args: Value[]): boolean {
  if (signature.program !== program) return false;
  const words = args.map(({ text }) => text);
  const script = scriptOf(program, args);
  const known = scriptOf(
    signature.program,
    signature.args.map((text) => ({ text, isPids: false })),
  );
  if (script && known) return plain(script.path) === plain(known.path) && !words.includes('--check') && !words.includes('-c');
  if (informs(program, words)) return false;
  return words.length === 0 || signature.args.every((word) => words.includes(word));
}

const plain = (path: string): string => path.replace(/^\.\//, '');
