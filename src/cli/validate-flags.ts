import { join, resolve } from 'node:path';
import type { Failure } from '../failure.ts';
import { findCheckout } from '../project/git.ts';
import { loadSettings } from '../project/definitions.ts';
import { CONFIG_NAMES, locateProject, PROCFILE_NAMES } from '../project/project.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Strictness } from '../validate/judge.ts';
import type { OwnPlaces } from '../validate/places.ts';
import type { Selection } from '../validate/selection.ts';
import type { Level } from '../validate/rule.ts';
import type { Context, Flags } from './context.ts';
import { flagSet, flagText } from './flags.ts';

/** What was asked for. */
export interface ValidateWish {
  root: string;
  strictness: Strictness;
  places: OwnPlaces;
  /** Warnings fail as well. */
  isStrict: boolean;
  selection: Selection;
  /** Absolute. */
  baseline: { path: string; isWritten: boolean } | undefined;
  isFixing: boolean;
  form: 'text' | 'json' | 'sarif';
}

export async function readValidateFlags(context: Context, paths: string[], flags: Flags): Promise<Result<ValidateWish>> {
  const { machine, cwd } = context;
  const clash = findClash(flags);
  if (clash) return fail(clash);
  const level = levelFlag(flags);
  if (!level.ok) return level;
  const root = rootOf(context);
  const settings = await loadSettings(machine.files, root);
  if (!settings.ok) return settings;
  const own = settings.value.validate ?? {};
  const since = flagText(flags, 'since');
  const baseline = flagText(flags, 'baseline');
  return ok({
    root,
    strictness: { level: level.value ?? own.level ?? 2, testLevel: own.testLevel ?? 1, overrides: own.rules ?? {} },
    places: own.places ?? {},
    isStrict: flagSet(flags, 'strict'),
    selection: {
      root,
      cwd,
      paths,
      glob: flagText(flags, 'files'),
      ignore: own.ignore ?? [],
      change: flagSet(flags, 'staged')
        ? { kind: 'staged' }
        : since === undefined
          ? { kind: 'all' }
          : { kind: 'since', ref: since },
    },
    baseline: baseline === undefined ? undefined : { path: resolve(cwd, baseline), isWritten: flagSet(flags, 'writeBaseline') },
    isFixing: flagSet(flags, 'fix'),
    form: flagSet(flags, 'sarif') ? 'sarif' : context.json ? 'json' : 'text',
  });
}

/** The project; without one the repository, else the folder itself. */
function rootOf({ machine: { files, home }, cwd }: Context): string {
  const { root } = locateProject(files, home, { cwd, file: undefined });
  const isProject = [...CONFIG_NAMES, ...PROCFILE_NAMES].some((name) => files.stat(join(root, name)));
  return isProject ? root : (findCheckout(files, root)?.top ?? root);
}

function levelFlag(flags: Flags): Result<Level | undefined> {
  const text = flagText(flags, 'level');
  if (text === undefined) return ok(undefined);
  if (/^[1-4]$/.test(text)) return ok(Number(text) as Level);
  return fail({
    code: 'USAGE',
    what: `--level "${text}" is none of 1, 2, 3, 4`,
    why: 'lenient, standard, strict, paranoid',
    fix: ['--level 3'],
  });
}

const CLASHES: { when: (flags: Flags) => boolean; what: string; why: string; fix: string }[] = [
  {
    when: (flags) => flagSet(flags, 'staged') && flagText(flags, 'since') !== undefined,
    what: '--staged and --since do not go together',
    why: 'the one looks at the next commit, the other at all since a former one',
    fix: 'devctl validate --staged',
  },
  {
    when: (flags) => flagSet(flags, 'staged') && flagSet(flags, 'fix'),
    what: '--staged and --fix do not go together',
    why: 'what is staged may differ from the file, and only the file could be mended',
    fix: 'devctl validate --fix',
  },
  {
    when: (flags) =>
      (flagSet(flags, 'list') || flagText(flags, 'explain') !== undefined) && (flagSet(flags, 'sarif') || flagSet(flags, 'fix')),
    what: '--list and --explain judge nothing',
    why: 'there is nothing to mend, or to report as SARIF',
    fix: 'devctl validate --list',
  },
  {
    when: (flags) => flagSet(flags, 'json') && flagSet(flags, 'sarif'),
    what: '--json and --sarif do not go together',
    why: 'each is one document',
    fix: 'devctl validate --sarif',
  },
  {
    when: (flags) => flagSet(flags, 'writeBaseline') && flagText(flags, 'baseline') === undefined,
    what: '--write-baseline needs --baseline FILE',
    why: 'nobody has said where to write it',
    fix: 'devctl validate --baseline .devctl/baseline.json --write-baseline',
  },
];

function findClash(flags: Flags): Failure | undefined {
  const empty = ['files', 'since', 'baseline', 'explain'].find((name) => flagText(flags, name) === '');
  if (empty !== undefined)
    return {
      code: 'USAGE',
      what: `--${empty} is empty`,
      why: 'a variable that is not set, perhaps',
      fix: ['devctl validate --help'],
    };
  const clash = CLASHES.find(({ when }) => when(flags));
  return clash && { code: 'USAGE', what: clash.what, why: clash.why, fix: [clash.fix] };
}
