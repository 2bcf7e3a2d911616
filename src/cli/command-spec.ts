export interface OptionSpec {
  flags: string;
  text: string;
  /** May be given several times. */
  many?: boolean;
}

/** One verb of the program, without its code; that is in `command-loaders.ts`. */
export interface CommandSpec {
  name: string;
  args: string;
  summary: string;
  options: OptionSpec[];
  examples: string[];
  /** From the first argument on, or also from the first option that is not its own, all goes to another program, untouched. */
  passThrough?: 'from-argument' | 'from-stranger';
  /** Its exit code for what was typed wrong; 2 by default. */
  usageExit?: number;
  /** Not for people. */
  isHidden?: boolean;
}

/** Of every command. */
export const ROOT: OptionSpec = { flags: '--root <folder>', text: 'as if it were typed in that folder' };

export const JSON_OUT: OptionSpec = { flags: '--json', text: 'print one JSON document' };
export const DRY_RUN: OptionSpec = { flags: '--dry-run', text: 'print the plan and end' };
