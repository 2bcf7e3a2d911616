import { resolve } from 'node:path';
import { planMemory } from '../../claude/memory/plan.ts';
import { describeMemory, ENV_FILE_HEADER, envFileText, exportLines } from '../../claude/memory/texts.ts';
import { fail, ok } from '../../result.ts';
import type { Answer, CommandRun } from '../context.ts';
import { flagSet, flagText } from '../flags.ts';

/** `devctl hardware`: the machine, and how much of it Claude Code may have. */
export const run: CommandRun = ({ machine, cwd }, _args, flags) => {
  const facts = machine.hardware.describe();
  const plan = planMemory(facts);
  const answer = (text: string): Answer => ({ exit: 0, schema: 'devctl.hardware/1', data: { machine: facts, plan }, text });
  if (flagSet(flags, 'export')) return Promise.resolve(ok(answer(exportLines(plan))));
  const name = flagText(flags, 'envFile');
  if (name === undefined) return Promise.resolve(ok(answer(describeMemory(facts, plan))));

  const path = resolve(cwd, name);
  const there = machine.files.readText(path);
  if (there !== undefined && !there.startsWith(ENV_FILE_HEADER))
    return Promise.resolve(
      fail({
        code: 'USAGE',
        what: `${name} is there already, and devctl did not write it`,
        why: `its first line is not "${ENV_FILE_HEADER}"`,
        fix: ['devctl hardware --env-file .env.claude-memory', `devctl hardware --export >> ${name}`],
      }),
    );
  machine.files.writeShared(path, envFileText(plan));
  return Promise.resolve(ok(answer(`Wrote ${name}. Next: source ${name}`)));
};
