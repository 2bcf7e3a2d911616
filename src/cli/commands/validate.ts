import { join } from 'node:path';
import { nearest } from '../../project/nearest.ts';
import { CONFIG_NAMES } from '../../project/project.ts';
import { readUserFile } from '../../project/user-file.ts';
import { fail, ok, type Result } from '../../result.ts';
import type { Baseline } from '../../validate/baseline.ts';
import type { Copies } from '../../validate/copies.ts';
import type { Engines } from '../../validate/engines.ts';
import type { Finding } from '../../validate/finding.ts';
import type { Mended } from '../../validate/mend.ts';
import type { Rule } from '../../validate/rule.ts';
import type { Judgement } from '../../validate/validate.ts';
import type { Answer, CommandRun, Context } from '../context.ts';
import { loadEngines } from '../load-engines.ts';
import { EXIT } from '../exit-codes.ts';
import { flagSet, flagText } from '../flags.ts';
import { explainRule, listRules, ruleData } from '../render/rules-view.ts';
import { isUnjudged, renderReport, reportData, severities, type Mending, type Report } from '../render/validate-view.ts';
import { hearSignals, SIGNAL_NUMBERS } from '../until-signals.ts';
import { readValidateFlags, type ValidateWish } from '../validate-flags.ts';

const MOST_ROUNDS = 10;

type Validator = typeof import('../../lazy/validator.ts');

/** Only warnings, and they count. Source: the seeds' codes; 0 and 1 are those of every command. */
const WARNINGS_ONLY = 2;

/** `devctl validate`: files, findings, what is known of them already, report. */
export const run: CommandRun = async (context, paths, flags) => {
  const wish = await readValidateFlags(context, paths, flags);
  if (!wish.ok) return wish;
  const validator = await import('../../lazy/validator.ts');
  const rules = await loadRules(context, wish.value, validator);
  if (!rules.ok) return rules;
  if (flagSet(flags, 'list')) return ok(list(rules.value, wish.value));
  const explained = flagText(flags, 'explain');
  if (explained !== undefined) return explain(rules.value, explained);
  const unknown = await findUnknownRule(context, wish.value, rules.value);
  if (unknown) return unknown;
  const engines = await loadEngines();
  if (!engines.ok) return engines;
  using copies = validator.Copies.in(context.machine.files, context.machine.home.tmp);
  const equipment = { validator, engines: { ...engines.value, copies }, rules: rules.value };
  // Ended by a signal, it takes its copies along.
  return await Promise.race([judge(context, wish.value, equipment), interrupted(context)]);
};

function interrupted({ machine }: Context): Promise<Result<Answer>> {
  return new Promise((resolve) => {
    hearSignals(machine.commands.ignored, (signal) => {
      resolve(ok({ exit: 128 + SIGNAL_NUMBERS[signal], schema: 'devctl.validate/1', data: {}, text: '', isPrinted: true }));
    });
  });
}

async function loadRules({ machine }: Context, { root }: ValidateWish, validator: Validator): Promise<Result<Rule[]>> {
  const { BUILT_IN, loadOwnRules } = validator;
  const own = await loadOwnRules({ files: machine.files, loadEngines }, root, BUILT_IN);
  return own.ok ? ok([...BUILT_IN, ...own.value]) : own;
}

/** What devctl.yml says of a rule that is none. */
async function findUnknownRule(
  { machine }: Context,
  { root, strictness }: ValidateWish,
  rules: Rule[],
): Promise<Result<never> | undefined> {
  const ids = rules.map(({ id }) => id);
  const unknown = Object.keys(strictness.overrides).find((id) => !ids.includes(id));
  if (unknown === undefined) return undefined;
  const meant = nearest(unknown, ids);
  const { configPlace } = await import('../../lazy/config.ts');
  const name = CONFIG_NAMES.find((one) => machine.files.stat(join(root, one))) ?? '';
  const place = configPlace(machine.files.readText(join(root, name)) ?? '', name, ['validate', 'rules', unknown]);
  return fail({
    code: 'CONFIG_INVALID',
    problems: [{ place, what: `"${unknown}" is no rule`, ...(meant === undefined ? {} : { instead: `${meant}:` }) }],
    fix: ['devctl validate --list'],
  });
}

function list(rules: Rule[], { strictness: { overrides } }: ValidateWish): Answer {
  const here = rules.map((rule): Rule => {
    const own = overrides[rule.id];
    return own === undefined ? rule : { ...rule, severity: [own, own, own, own] };
  });
  return { exit: EXIT.OK, schema: 'devctl.rules/1', data: { rules: here.map(ruleData) }, text: listRules(here) };
}

function explain(rules: Rule[], id: string): Result<Answer> {
  const rule = rules.find((one) => one.id === id);
  if (rule) return ok({ exit: EXIT.OK, schema: 'devctl.rule/1', data: ruleData(rule), text: explainRule(rule) });
  const meant = nearest(
    id,
    rules.map((one) => one.id),
  );
  return fail({
    code: 'USAGE',
    what: `There is no rule "${id}"`,
    fix: [meant === undefined ? 'devctl validate --list' : `devctl validate --explain ${meant}`],
  });
}

interface Equipment {
  validator: Validator;
  engines: Engines & { copies: Copies };
  rules: Rule[];
}

async function judge(context: Context, wish: ValidateWish, { validator, engines, rules }: Equipment): Promise<Result<Answer>> {
  const { machine, version } = context;
  const { root, selection, strictness, places, baseline } = wish;
  const known = readBaseline(context, wish, validator);
  if (!known.ok) return known;
  const request = { selection, rules, strictness, places, isFixing: wish.isFixing };
  const judged = await untilMended(
    () => validator.validate(machine, request, engines),
    ({ fixes }) => validator.mend(machine.files, root, fixes, (path, text) => validator.isParsed(path, text, engines.astGrep)),
  );
  if (!judged.ok) return judged;
  const { judgement, ...mending } = judged.value;
  const { located } = judgement;
  const covers = coveredBy(wish, judgement.judged);
  const now = baseline?.isWritten ? validator.makeBaseline(located, covers, known.value) : known.value;
  if (baseline?.isWritten) machine.files.writeShared(baseline.path, `${JSON.stringify(now, undefined, 2)}\n`);
  const { fresh, ...counts } = now
    ? validator.applyBaseline(located, covers, now)
    : { fresh: located.map(({ finding }) => finding), known: 0, gone: 0 };
  const report: Report = { judgement, findings: fresh, ...mending, ...counts, wish, cwd: context.cwd };
  const sarif = wish.form === 'sarif' ? validator.toSarif(fresh, rules, { version, root }) : undefined;
  if (sarif !== undefined) context.print(`${JSON.stringify(sarif)}\n`);
  return ok({
    exit: exitOf(fresh, judgement, wish),
    schema: 'devctl.validate/1',
    data: reportData(report),
    text: sarif === undefined ? renderReport(report) : '',
    isPrinted: sarif !== undefined,
  });
}

/** What is mended may hold what is to be mended, and somebody may write meanwhile: it is looked at again, a few times. */
async function untilMended(
  look: () => Promise<Result<Judgement>>,
  mend: (judgement: Judgement) => Mended,
): Promise<Result<{ judgement: Judgement } & Mending>> {
  let mended = 0;
  for (let round = 0; ; round += 1) {
    const judged = await look();
    if (!judged.ok) return judged;
    const judgement = judged.value;
    if (round === MOST_ROUNDS && judgement.fixes.length > 0) return ok({ judgement, mended, unmended: [], isEndless: true });
    const { count, overtaken, left } = mend(judgement);
    mended += count;
    if (count + overtaken === 0) return ok({ judgement, mended, unmended: left, isEndless: false });
  }
}

/** What is known already. A file of something else is never written over. */
function readBaseline({ machine }: Context, { baseline }: ValidateWish, validator: Validator): Result<Baseline | undefined> {
  if (!baseline) return ok(undefined);
  const text = readUserFile(machine.files, baseline.path);
  if (!text.ok) return text;
  const again = `devctl validate --baseline ${baseline.path} --write-baseline`;
  if (text.value === undefined)
    return baseline.isWritten
      ? ok(undefined)
      : fail({ code: 'USAGE', what: `There is no baseline ${baseline.path}`, fix: [again] });
  const parsed = validator.parseBaseline(text.value);
  return parsed
    ? ok(parsed)
    : fail({
        code: 'USAGE',
        what: `${baseline.path} is not a baseline`,
        fix: [`devctl validate --baseline .devctl/baseline.json --write-baseline`],
      });
}

function coveredBy({ selection }: ValidateWish, judged: Judgement['judged']): (file: string) => boolean {
  const isWhole = selection.paths.length === 0 && selection.glob === undefined && selection.change.kind === 'all';
  return (file) => isWhole || judged.has(file);
}

/** What could not be looked at may hold anything. */
function exitOf(findings: Finding[], { skipped }: Judgement, { isStrict }: ValidateWish): number {
  const { errors, warnings } = severities(findings);
  if (errors > 0 || skipped.some(({ why }) => isUnjudged(why))) return EXIT.NOT_ACHIEVED;
  return isStrict && warnings > 0 ? WARNINGS_ONLY : EXIT.OK;
}
