import tab from '@bomb.sh/tab';
import type { CommandSpec } from '../cli/command-spec.ts';

/** Prints the completion script of a shell. */
export function printScript(shell: string): void {
  tab.setup('devctl', 'devctl', shell);
}

/** Prints suggestions for the words typed so far, the last of which may be unfinished. */
export function printSuggestions(
  commands: Pick<CommandSpec, 'name' | 'args' | 'summary' | 'options' | 'isHidden'>[],
  services: string[],
  words: string[],
): void {
  for (const spec of commands) {
    if (spec.isHidden) continue;
    const command = tab.command(spec.name, spec.summary);
    for (const { flags, text } of spec.options) {
      const long = /--([\w-]+)/.exec(flags)?.[1];
      const short = /(?:^|\s)-(\w)\b/.exec(flags)?.[1];
      if (long === undefined) continue;
      const suggest = (add: (value: string, text: string) => void) => {
        if (/<services?>/.test(flags)) for (const service of services) add(service, 'service');
      };
      if (/[<[]/.test(flags)) command.option(long, text, suggest, short);
      else if (short === undefined) command.option(long, text);
      else command.option(long, text, short);
    }
    const addServices = (add: (value: string, text: string) => void) => {
      for (const service of services) add(service, 'service');
    };
    if (/service/.test(spec.args)) command.argument('services', addServices, spec.args.includes('...'));
    if (spec.name === 'completion')
      command.argument('shell', (add) => {
        for (const shell of ['bash', 'zsh', 'fish']) add(shell, '');
      });
  }
  tab.parse(words);
}
