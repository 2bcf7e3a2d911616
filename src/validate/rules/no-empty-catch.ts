import type { Rule, Shape } from '../rule.ts';

const NOTHING = String.raw`^\{[\s;]*\}$`;
/** A function that does nothing with what it is given. */
const EMPTY: Shape = {
  any: [
    { kind: 'arrow_function', has: { field: 'body', kind: 'statement_block', regex: NOTHING } },
    { kind: 'function_expression', has: { field: 'body', kind: 'statement_block', regex: NOTHING } },
    { kind: 'identifier', regex: '^_?noop$' },
    { kind: 'member_expression', regex: String.raw`\.noop$` },
  ],
};
/** One that says `undefined`: where somebody asks for the value, that is an answer. */
const UNDEFINED: Shape = {
  kind: 'arrow_function',
  has: { field: 'body', regex: String.raw`^(undefined|void 0|\(undefined\))$` },
};
const ASKED_BY_NOBODY: Shape = {
  any: [
    { inside: { kind: 'expression_statement' } },
    { inside: { kind: 'unary_expression', regex: '^void' } },
    { inside: { kind: 'await_expression', inside: { kind: 'expression_statement' } } },
  ],
};
const handed = (method: string, position: number): Shape => ({
  all: [
    { has: { field: 'function', kind: 'member_expression', regex: String.raw`\.\s*${method}$` } },
    {
      any: [
        { has: { field: 'arguments', has: { matches: 'empty', nthChild: position } } },
        { has: { field: 'arguments', has: { nthChild: position, ...UNDEFINED } }, ...ASKED_BY_NOBODY },
      ],
    },
  ],
});

/** Such a function right behind `catch(`, or behind a comma after `then(`. */
const HANDED = new RegExp(
  ['catch\\s*\\(', 'then\\s*\\([^]{0,600}?,']
    .map(
      (before) =>
        String.raw`\.\s*${before}\s*(?:(?:\w+\.)?_?noop\b|(?:async\s+)?(?:function\b[^(]*)?(?:\([^)]*\)|\w+)\s*(?:=>\s*)?(?:\{[\s;]*\}|undefined|void 0|\(undefined\)))`,
    )
    .join('|'),
);

export const noEmptyCatch: Rule = {
  id: 'no-empty-catch',
  message: 'an error is caught and thrown away',
  why: 'Whatever goes wrong there goes on as if it had worked, and nobody will ever know why the rest fails.',
  instead: 'Handle it, or let it go up. Where it really does not matter, say so in the block: // It may be gone already.',
  severity: ['warning', 'error', 'error', 'error'],
  finders: [
    { by: 'oxlint', rule: 'no-empty', after: /\bcatch\s*(?:\((?:[^()]|\([^()]*\))*\))?\s*$/ },
    {
      by: 'syntax',
      words: [/\.\s*(?:catch|then)\s*\(/, HANDED],
      utils: { empty: EMPTY },
      // A schema has a catch of its own, for a value to take instead.
      find: {
        kind: 'call_expression',
        any: [handed('catch', 1), handed('then', 2)],
        not: { has: { field: 'function', regex: String.raw`^z\.|[sS]chema` } },
      },
    },
    {
      by: 'syntax',
      words: [/\bcatch\b[^{]{0,80}\{\s*;/],
      find: { kind: 'catch_clause', has: { field: 'body', regex: String.raw`^\{[\s;]*;[\s;]*\}$` } },
    },
  ],
  bad: [
    { code: 'try {\n  save();\n} catch (error) {}' },
    { code: 'try { save(); } catch { }' },
    { code: 'try { save(); } catch (error) { ; }' },
    { code: 'try { save(); } catch ({ message = "(none)" }) {\n}' },
    { code: 'save().catch(() => {});' },
    { code: 'await save()\n  .then(show)\n  .catch(function () {});' },
    { code: 'save().then(show, () => undefined);' },
    { code: 'void save().then(\n  () => {\n    show();\n  },\n  () => undefined,\n);' },
    { code: 'save().catch(noop);' },
    { code: 'export const A = () => <a onClick={() => { try { go(); } catch (e) {} }} />;', file: 'a.tsx' },
    { code: 'const text = `${(() => { try { return go(); } catch (e) {} })()}`;' },
  ],
  good: [
    { code: 'try { save(); } catch (error) { report(error); }' },
    { code: 'try { remove(); } catch {\n  // It is gone already.\n}' },
    { code: 'save().catch(() => false);' },
    { code: 'const body = await response.json().catch(() => null);' },
    { code: 'const body = await response.json().catch(() => undefined);' },
    { code: 'save().catch(() => {\n  // The next one tries again.\n});' },
    { code: 'if (x) {}\nfor (;;) {}\nfunction nothing() {}' },
    { code: 'promise.then(() => {});' },
  ],
};
