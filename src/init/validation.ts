import { packageManager, type PackageManager } from '../project/package-manager.ts';
import { ok } from '../result.ts';
import { wholeFile, type Edit } from './edits.ts';
import type { InitFacts } from './facts.ts';
import { hasMark, putBlock, takeBlocks } from './marked-block.ts';
import { sealed } from './texts.ts';

export const HOOK = '.husky/pre-commit';
const SHEBANG = '#!/bin/sh\n';
const MARKS = { begin: '# devctl: begin', end: '# devctl: end' };

/** A hook before each commit, and a workflow of GitHub, that validate the code. */
export function makeValidationEdits({ install, texts }: Pick<InitFacts, 'install' | 'texts'>): Edit[] {
  const devctl = install === 'local' ? 'npx --no-install devctl' : 'devctl';
  return [
    {
      file: HOOK,
      isMarked: true,
      put: (text = SHEBANG) => putBlock(HOOK, text, MARKS, `${devctl} validate --staged || exit 1`),
      take: (text) => {
        if (!hasMark(text, MARKS)) return ok(text);
        const rest = takeBlocks(HOOK, text, MARKS);
        return rest.ok ? ok(rest.value.trim() === SHEBANG.trim() || rest.value.trim() === '' ? undefined : rest.value) : rest;
      },
    },
    wholeFile('.github/workflows/validate.yml', workflow(INSTALL[packageManager(texts)], install)),
  ];
}

const INSTALL: Record<PackageManager, string> = {
  npm: 'npm ci',
  pnpm: 'corepack enable && pnpm install --frozen-lockfile',
  yarn: 'corepack enable && yarn install --immutable',
  bun: 'npm install --global bun && bun install --frozen-lockfile',
};

const workflow = (line: string, install: InitFacts['install']): string =>
  sealed(`name: Validate
on: [push, pull_request]
permissions:
  contents: read
jobs:
  validate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with:
          node-version: 22
      - run: ${line}
      - run: ${install === 'local' ? 'npx --no-install devctl' : 'npm install --global devctl && devctl'} validate --strict
`);
