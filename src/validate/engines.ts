import { dirname, resolve } from 'node:path';
import type { AstGrep } from './finders/syntax.ts';
import type { FindSecrets } from './finders/secretlint.ts';
import { oxlintArgs, oxlintConfig, parseDiagnostics, type Diagnostic } from './finders/oxlint.ts';
import { portions } from './portions.ts';
import { fail, ok, type Result } from '../result.ts';
import type { ToolRunner } from '../machine/tool-runner.ts';
import type { Rule } from './rule.ts';

/** The programs that look. */
export interface Engines {
  astGrep: AstGrep;
  /** The words that run oxlint. */
  oxlint: string[];
  findSecrets: FindSecrets;
}

/** For a portion of files that takes it a second. */
const TIMEOUT_MS = 120_000;

/** Nothing of the caller's: NODE_OPTIONS might start a debugger, and NODE_EXTRA_CA_CERTS costs 30 ms at each start. */
const ENVIRONMENT: Record<string, string> = {};

export const oxlintConfigText = (rules: readonly Rule[]): string => JSON.stringify(oxlintConfig(rules));

/** Asks oxlint; `config` is where its configuration may be written. */
export class Oxlint {
  readonly #tools: ToolRunner;
  readonly #program: string[];
  readonly #config: string;

  constructor(tools: ToolRunner, program: string[], config: string) {
    this.#tools = tools;
    this.#program = program;
    this.#config = config;
  }

  /** What it says, by the path as it was given. */
  async look(paths: string[]): Promise<Result<Map<string, Diagnostic[]>>> {
    const found = new Map<string, Diagnostic[]>();
    for (const some of portions(paths)) {
      const looked = await this.#lookAt(some, found);
      if (!looked.ok) return looked;
    }
    return ok(found);
  }

  /** One file that it cannot take (too deep for its stack) ends it: then the halves are asked, down to that file. */
  async #lookAt(paths: string[], found: Map<string, Diagnostic[]>): Promise<Result<void>> {
    const { stdout, stderr, outcome } = await this.#run(oxlintArgs(this.#config, paths));
    const answer = read(stdout);
    // What it passes over in silence is looked for as well, down to the file.
    if (answer && (answer.files === paths.length || paths.length === 1)) {
      // It names files from its own folder, where they are below it; each is asked for once, as each has many.
      const folder = dirname(this.#config);
      const places = new Map<string, Diagnostic[]>();
      for (const diagnostic of answer.diagnostics) {
        const { file } = diagnostic;
        if (file === undefined) continue;
        const said = places.get(file) ?? at(found, resolve(folder, file));
        places.set(file, said);
        said.push(diagnostic);
      }
      if (answer.files === 0) at(found, paths[0] ?? '').push(unread(PASSED_OVER));
      return ok(undefined);
    }
    // Out of time it would be with the halves as well.
    if (!answer && (outcome === 'timed-out' || (await this.#run(['--version'])).outcome !== 'done'))
      return fail({
        code: 'TOOL_FAILED',
        tool: 'oxlint',
        reason: (stderr || stdout).trim().slice(0, 500) || `it was ${outcome}`,
      });
    const [only, ...others] = paths;
    if (only === undefined) return ok(undefined);
    if (others.length === 0) {
      at(found, only).push(unread(/no files/i.test(stdout + stderr) ? PASSED_OVER : NO_ANSWER));
      return ok(undefined);
    }
    const half = Math.ceil(paths.length / 2);
    const first = await this.#lookAt(paths.slice(0, half), found);
    return first.ok ? this.#lookAt(paths.slice(half), found) : first;
  }

  #run(args: string[]) {
    const [file = '', ...words] = this.#program;
    const cwd = dirname(this.#config);
    return this.#tools.runBeside({ file, args: [...words, ...args], timeoutMs: TIMEOUT_MS, cwd, env: ENVIRONMENT });
  }
}

function at(found: Map<string, Diagnostic[]>, path: string): Diagnostic[] {
  const said = found.get(path) ?? [];
  found.set(path, said);
  return said;
}

const PASSED_OVER = 'oxlint passes over a file of this name';
const NO_ANSWER = 'oxlint gives no answer on it: it may be too deeply nested, or have too many findings';

const unread = (message: string): Diagnostic => ({ rule: undefined, file: undefined, message, from: 0, length: 0 });

function read(stdout: string): ReturnType<typeof parseDiagnostics> | undefined {
  try {
    return parseDiagnostics(stdout);
  } catch {
    return undefined;
  }
}
