import type { CommandSpec } from './command-spec.ts';

/** The verb that judges code. */
export const VALIDATE_COMMANDS: CommandSpec[] = [
  {
    name: 'validate',
    args: '[paths...]',
    summary: 'checks that code is fit for production: no fake work, no made-up data, no secrets, no silenced checks',
    options: [
      { flags: '--level <1-4>', text: '1 lenient, 2 standard (by default), 3 strict, 4 paranoid' },
      { flags: '--strict', text: 'warnings fail as well: exit 2' },
      { flags: '--files <glob>', text: 'only files that match, from here: "src/services/**/*.ts"' },
      { flags: '--staged', text: 'what the next commit changes, as it is staged' },
      { flags: '--since <ref>', text: 'what was changed since the branch has left REF' },
      { flags: '--baseline <file>', text: 'findings that are in FILE do not count' },
      { flags: '--write-baseline', text: 'put all findings of now into the baseline' },
      { flags: '--fix', text: 'mend what can be mended without changing what the code does' },
      { flags: '--list', text: 'list the rules, and how severe each is' },
      { flags: '--explain <rule>', text: 'why there is a rule, with examples' },
      { flags: '--sarif', text: 'print SARIF 2.1.0, for code scanning' },
      { flags: '--json', text: 'print one JSON document' },
    ],
    examples: [
      'devctl validate',
      'devctl validate src --level 3 --strict',
      'devctl validate --staged                                   in a pre-commit hook',
      'devctl validate --baseline .devctl/baseline.json --write-baseline',
      'devctl validate --explain no-fake-async',
    ],
    usageExit: 64,
  },
];
