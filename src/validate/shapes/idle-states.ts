import type { Shape } from '../rule.ts';
import { FUNCTION, SET_TIMEOUT, SLEEP } from './waits.ts';

/** States that say that something is being done, and end by a timer; and what says itself that it only pretends. */

const BUSY =
  '(Loading|Submitting|Saving|Pending|Processing|Fetching|Uploading|Downloading|Sending|Refreshing|Generating|Syncing|Searching|Updating|Deleting|Creating|Importing|Exporting|Connecting|Verifying|Validating|Analyzing|Checking|Publishing|Deploying|Thinking|Streaming|Busy|LoggingIn|SigningIn)';
const DONE = '(Submitted|Success|Succeeded|Saved|Sent|Uploaded|LoggedIn|Completed)';
const SENDS = [
  ...['submit', 'save', 'send', 'upload', 'login', 'logIn', 'signIn', 'signUp', 'register', 'subscribe', 'checkout'],
  ...['pay', 'order', 'book', 'delete', 'create', 'update', 'publish'],
];
/** Names of functions, not of components. */
const SENDER = `^_?#?(${SENDS.join('|')}|(on|handle|do)_?(${SENDS.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('|')}))`;

/** Something was waited for before: then the timer only shows it a little longer. */
const AFTER_WORK: Shape = {
  inside: {
    stopBy: { kind: 'statement_block' },
    kind: 'expression_statement',
    follows: {
      stopBy: 'end',
      has: {
        stopBy: 'end',
        any: [{ kind: 'await_expression' }, { kind: 'call_expression', regex: String.raw`^(fetch|axios|mutate\w*)\b` }],
      },
    },
  },
};

const named = (kind: string, field: string): Shape => ({ kind, has: { field, regex: SENDER } });
/** Something was sent, by the name of a function or because a form was; to show a thing a little later is no such thing. */
const SENDING: Shape = {
  any: [
    {
      inside: {
        stopBy: FUNCTION,
        kind: 'statement_block',
        has: {
          stopBy: 'end',
          kind: 'call_expression',
          regex: String.raw`^(this\.)?set(Is)?${BUSY}\(\s*true\s*\)$|^\w+\.preventDefault\(\)$`,
        },
      },
    },
    {
      inside: {
        stopBy: 'end',
        any: [
          named('function_declaration', 'name'),
          named('method_definition', 'name'),
          named('variable_declarator', 'name'),
          named('public_field_definition', 'name'),
          named('pair', 'key'),
          // An attribute, for which one of the grammars has no kind.
          { regex: String.raw`^on(Submit|Click|Press)=\{` },
        ],
      },
    },
  ],
};

const calls = (...regexes: string[]): Shape => ({
  has: {
    field: 'arguments',
    all: [
      { has: { matches: 'fixed', nthChild: 2 } },
      { has: { nthChild: 1, has: { stopBy: 'end', kind: 'call_expression', any: regexes.map((regex) => ({ regex })) } } },
    ],
  },
});

/** `setTimeout(() => { setLoading(false); }, 1000)`: the end of a wait in which nothing was done. */
const FAKE_END: Shape = {
  kind: 'call_expression',
  all: [
    { has: { field: 'function', regex: SET_TIMEOUT } },
    { not: AFTER_WORK },
    {
      any: [
        { all: [calls(String.raw`^(this\.)?set(Is)?${DONE}\(\s*true\s*\)$`), SENDING] },
        calls(
          String.raw`^(this\.)?set(Is)?${BUSY}\(\s*false\s*\)$`,
          String.raw`^(this\.)?set\w*(Status|State|Phase|Step)\(\s*["'](success|succeeded|done|completed?|sent|saved|ready|loaded|finished)["']\s*\)$`,
          String.raw`^set(User|Session|Profile|Account|Results?|Items|Products|Orders)\(\s*[\[{](?s:.)*:\s*["'\x60\d]`,
          // A message of nobody: setMessages((all) => [...all, { role: "assistant", content: "..." }])
          String.raw`^set[A-Z]\w*\((?s:.)*\[(?s:.)*\{(?s:.)*:\s*["'\x60]\w`,
        ),
      ],
    },
  ],
};

const turns = (value: string): string =>
  String.raw`^(this\.)?set(Is)?(${BUSY}\(\s*${value}\s*\)|\w*\(\s*\{(?s:.)*(?i)(loading|submitting|saving|pending|busy|processing)\w*:\s*${value}\b)`;

/** `setLoading(true); await sleep(1000); setLoading(false);` */
const NAP_BETWEEN: Shape = {
  kind: 'await_expression',
  all: [
    { matches: 'nap' },
    {
      inside: {
        kind: 'expression_statement',
        all: [
          { follows: { stopBy: 'end', kind: 'expression_statement', regex: turns('true') } },
          { precedes: { stopBy: 'end', kind: 'expression_statement', regex: turns('false') } },
          { inside: { kind: 'statement_block', not: { has: { stopBy: 'end', matches: 'work' } } } },
        ],
      },
    },
  ],
};

const SAID: Shape = {
  kind: 'comment',
  not: { regex: String.raw`(?i)\b(press|click|key|keystroke|mouse|touch|drag|scroll|typing|gesture)` },
  regex: String.raw`(?i)\b(simulat(e|es|ed|ing|ion)|pretend|artificial|(fake|mock|dummy)\s+(api|network|async|request|response|delay|latency|call|server|data|upload|processing|loading|connection))\b`,
};
/** A timer in a statement with such a comment. */
const TOLD: Shape = {
  kind: 'call_expression',
  all: [
    { has: { field: 'function', regex: `${SET_TIMEOUT}|${SLEEP}` } },
    {
      inside: {
        stopBy: { any: ['function_declaration', 'method_definition', 'class_body'].map((kind) => ({ kind })) },
        any: ['expression_statement', 'lexical_declaration', 'return_statement'].map((kind) => ({ kind })),
        all: [{ any: [{ follows: SAID }, { precedes: SAID }] }],
      },
    },
    // For those who develop, to see what a slow network does.
    {
      not: {
        inside: {
          stopBy: 'end',
          kind: 'if_statement',
          has: { field: 'condition', regex: String.raw`isDev|__DEV__|NODE_ENV|\.DEV\b` },
        },
      },
    },
  ],
};

export const IDLE_STATES: readonly Shape[] = [FAKE_END, NAP_BETWEEN, TOLD];
