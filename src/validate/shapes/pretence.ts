import type { Shape } from '../rule.ts';
import { IDLE_STATES } from './idle-states.ts';
import { DATA, LATE_ANSWERS, WORK } from './late-answers.ts';
import { MADE_UP, SLEEP_CALL, SLEEP_NAMES, waits } from './waits.ts';

/** What code looks like in which a timer stands in for work. */
export const PRETENCE: Shape = { any: [...LATE_ANSWERS, ...IDLE_STATES] };
export const PRETENCE_PARTS: Record<string, Shape> = { ...waits(MADE_UP), data: DATA, work: WORK };

/** Each of the shapes has one of these in it, not far from its beginning; the first is quick to look for. */
export const PRETENCE_WORDS: readonly RegExp[] = [SLEEP_CALL, wordsOfShapes()];

function wordsOfShapes(): RegExp {
  const names = String.raw`(?:[\w.]+\.)?${SLEEP_NAMES}`;
  const fixed = String.raw`[^()]{0,60}(?:\d|[dD]elay|[lL]atency)`;
  const callback = String.raw`(?:async\b\s*)?(?:function\b|\(|\w+\s*=>)`;
  const said = String.raw`(?:[sS]imulat|[pP]retend|[aA]rtificial`;
  const mock = '(?:[mM]ock|MOCK|[fF]ake|FAKE|[dD]ummy|DUMMY|[sS]ample|SAMPLE|[sS]tub|STUB)';
  const replier = '(?:NextResponse|Response|res|response|reply|c|ctx)';
  // How what is made up on the spot begins.
  const data = String.raw`(?:["'\x60{[(\d]|(?:true|false|new|this|[dD]ata|DATA|[rR]esult|RESULT|[rR]esponse|RESPONSE|[uU]sers?|USERS?|[iI]tems|ITEMS)\b|\w*${mock}|${replier}\.)`;
  const answer = [
    String.raw`\b(?:resolve\w*|res|r|fulfil\w*|ok|done)\s*\(\s*${data}`,
    String.raw`\b(?:callback|cb|next|done|on(?:Success|Complete|Load))\s*\(\s*(?:(?:null|undefined)\s*,\s*)?[{[]`,
    String.raw`\b${replier}\.(?:\w+\(\d*\)\.)?(?:json|send)\s*\(\s*[{[]`,
    String.raw`\bpostMessage\s*\(\s*\{`,
    String.raw`\bset(?!Timeout|Interval|Immediate|Item)[A-Z]\w*\s*\(`,
  ].join('|');
  return new RegExp(
    [
      String.raw`(?:sleep|delay|wait|pause)\([^()]*\)\s*\.\s*then\b`,
      String.raw`setTimeout\s*\(\s*${callback}[^]{0,800}?(?:${answer})`,
      String.raw`(?:setTimeout|sleep|delay|wait)\s*\(\s*(?:\w+\s*,)?[^,()]*\d[^,()]*,\s*${data}`,
      String.raw`\bawait\s+(?:new\s+Promise\b[^]{0,300}?setTimeout\s*\([^,]{0,80},|${names}\s*\()${fixed}[^]{0,800}?\b(?:return\s+(?!this\b|new\s+Promise\b)${data}|yield\b|set\w*\(\s*(?:false|\{))`,
      String.raw`\b${said}|(?:[fF]ake|[mM]ock|[dD]ummy)\s)[^]{0,200}?(?:setTimeout|await\s+${names})\s*\(`,
      String.raw`(?:setTimeout|sleep|delay|wait|pause)\s*\([^]{0,300}?\/[/*][^\n]*${said})`,
    ].join('|'),
  );
}
