import { ok } from '../../result.ts';
import { COMMANDS } from '../command-specs.ts';
import type { CommandRun } from '../context.ts';
import { load, open } from '../request.ts';

/** `devctl complete -- words`: what the completion scripts call. It never fails: no suggestion is an answer. */
export const run: CommandRun = async (context, words, flags) => {
  const opened = open(context, flags);
  const definitions = opened.ok ? await load(context, flags, opened.value, {}) : opened;
  const services = definitions.ok ? definitions.value.services.map((service) => service.name) : [];
  const { printSuggestions } = await import('../../lazy/completion.ts');
  printSuggestions(COMMANDS, services, words);
  return ok({ exit: 0, schema: 'devctl.complete/1', data: {}, text: '', isPrinted: true });
};
