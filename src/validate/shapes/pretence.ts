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
  return new RegExp(
    [
      String.raw`(?:sleep|delay|wait|pause)\([^()]*\)\s*\.\s*then\b`,
      String.raw`setTimeout\s*\(\s*${callback}[^]{0,800}?\b(?:resolve\w*|res|r|fulfil\w*|ok|done|callback|cb|next|on(?:Success|Complete|Load)|json|send|postMessage|set[A-Z]\w+)\s*\(`,
      String.raw`(?:setTimeout|sleep|delay|wait)\s*\(\s*(?:\w+\s*,)?[^,()]*\d[^,()]*,\s*(?:["'\x60{[]|\w*(?:[mM]ock|[dD]ummy|[fF]ake|[dD]ata|[rR]es|[uU]ser|[iI]tems))`,
      String.raw`\bawait\s+(?:new\s+Promise\b[^]{0,300}?setTimeout\s*\([^,]{0,80},|${names}\s*\()${fixed}[^]{0,1500}?\b(?:return|yield|set\w*\()`,
      String.raw`\b${said}|(?:[fF]ake|[mM]ock|[dD]ummy)\s)[^]{0,200}?(?:setTimeout|await\s+${names})\s*\(`,
      String.raw`(?:setTimeout|sleep|delay|wait|pause)\s*\([^]{0,300}?\/[/*][^\n]*${said})`,
    ].join('|'),
  );
}
