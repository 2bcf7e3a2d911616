export { applyBaseline, makeBaseline, parseBaseline } from '../validate/baseline.ts';
export { Copies } from '../validate/copies.ts';
export { isParsed } from '../validate/finders/syntax.ts';
export { mend } from '../validate/mend.ts';
export { loadOwnRules } from '../validate/project-rules/load.ts';
export { toSarif } from '../validate/report/sarif.ts';
export { BUILT_IN } from '../validate/rules/all.ts';
export { validate } from '../validate/validate.ts';
