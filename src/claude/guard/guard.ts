import { dirname, join } from 'node:path';
import { parseProcfile } from '../../project/procfile.ts';
import { CONFIG_NAMES } from '../../project/project.ts';
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

/** What sets a project up for devctl; a lone Procfile is production's. */
export const SET_UP: readonly string[] = ['Procfile.dev', ...CONFIG_NAMES];

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
    cwd === undefined || isWithin(cwd, project.root) || isSetUp(project.readText, cwd);
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

/** Another project that is set up for devctl. */
function isSetUp(readText: ReadText, cwd: string): boolean {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (SET_UP.some((name) => readText(join(folder, name)) !== undefined)) return true;
    if (folder === dirname(folder)) return false;
  }
}

const MAX_SHOWN = 60;

function shown(program: string, words: string[]): string {
  const text = [program, ...words.slice(0, 1)].join(' ').replaceAll('\0', '...');
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
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

/** What serves by whatever else is said. */
const SERVES = /^(?:dev|serve|server|start|develop|runserver|preview)$/;

/** The same script of an interpreter, or the same program, for the same: by all words of the Procfile's, or by one that serves. */
function isSame(signature: Signature, program: string, args: Value[]): boolean {
  if (signature.program !== program) return false;
  const words = args.map(({ text }) => text);
  if (informs(program, words)) return false;
  const script = scriptOf(program, args);
  const known = scriptOf(
    signature.program,
    signature.args.map((text) => ({ text, isPids: false })),
  );
  if (script && known) {
    const verb = known.rest[0]?.text ?? '-';
    const isSameVerb = verb.startsWith('-') || script.rest[0]?.text === verb;
    return plain(script.path) === plain(known.path) && isSameVerb && !words.includes('--check') && !words.includes('-c');
  }
  const [verb = ''] = signature.args;
  if (SERVES.test(verb) && words[0] === verb) return true;
  return signature.args.length === 0 ? words.length === 0 : signature.args.every((word) => words.includes(word));
}

const plain = (path: string): string => path.replace(/^\.\//, '');
