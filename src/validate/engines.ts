import { dirname, resolve } from 'node:path';
import type { AstGrep } from './finders/syntax.ts';
import type { FindSecrets } from './finders/secretlint.ts';
import { oxlintArgs, oxlintConfig, parseDiagnostics, type Diagnostic } from './finders/oxlint.ts';
import { chunks } from './git.ts';
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

/** A minute for a portion of files that takes it a second. */
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
    for (const some of chunks(paths)) {
      const [file = '', ...words] = this.#program;
      // It names files from its own folder, where they are below it.
      const cwd = dirname(this.#config);
      const args = [...words, ...oxlintArgs(this.#config, some)];
      const answer = await this.#tools.runBeside({ file, args, timeoutMs: TIMEOUT_MS, cwd, env: ENVIRONMENT });
      const diagnostics = read(answer.stdout);
      if (!diagnostics)
        return fail({
          code: 'TOOL_FAILED',
          tool: 'oxlint',
          reason: (answer.stderr || answer.stdout).trim().slice(0, 500) || `it was ${answer.outcome}`,
        });
      for (const diagnostic of diagnostics) {
        if (diagnostic.file === undefined) continue;
        const path = resolve(cwd, diagnostic.file);
        const before = found.get(path);
        if (before) before.push(diagnostic);
        else found.set(path, [diagnostic]);
      }
    }
    return ok(found);
  }
}

function read(stdout: string): Diagnostic[] | undefined {
  try {
    return parseDiagnostics(stdout);
  } catch {
    return undefined;
  }
}
