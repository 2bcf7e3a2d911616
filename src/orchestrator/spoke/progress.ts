import type { ClaudeEvent, ClaudeResult, Tokens } from './events.ts';

/** What is known of a spoke by now; everything is from its events, nothing is estimated. */
export interface SpokeProgress {
  model: string | undefined;
  /** Answers of the model. */
  turns: number;
  tokens: Tokens;
  costUsd: number;
  /** "Bash: npm test", "writes", "waits for the API (529)" */
  doing: string;
}

export const NO_TOKENS: Tokens = { input: 0, output: 0, cacheRead: 0, cacheCreation: 0 };

const MAX_DOING = 80;
/** White space, and what a terminal would obey. */
const UNPRINTABLE = /[\s\p{Cc}]+/gu;

/** Adds events up. A resumed session's cost goes on from where it was: `knownUsd`. */
export class Meter {
  #progress: SpokeProgress = { model: undefined, turns: 0, tokens: NO_TOKENS, costUsd: 0, doing: 'starts' };
  #lastMessage: string | undefined;
  /** Of messages whose turn has no result yet. */
  #open = NO_TOKENS;
  /** Of turns that are over, and of those that were lost. */
  #settled = NO_TOKENS;
  #sessionUsd: number;

  constructor(knownUsd = 0) {
    this.#sessionUsd = knownUsd;
  }

  get progress(): SpokeProgress {
    return this.#progress;
  }

  /** Another conversation begins. */
  forget(): void {
    this.#sessionUsd = 0;
  }

  add(event: ClaudeEvent): void {
    const before = this.#progress;
    switch (event.kind) {
      case 'init':
        this.#settleTokens(this.#open);
        this.#progress = { ...before, model: event.model, doing: 'thinks' };
        return;
      case 'assistant': {
        const isNew = event.messageId !== this.#lastMessage && event.error === undefined;
        this.#lastMessage = event.messageId;
        if (isNew) this.#open = addTokens(this.#open, event.tokens);
        this.#progress = {
          ...before,
          turns: before.turns + (isNew ? 1 : 0),
          tokens: addTokens(this.#settled, this.#open),
          doing: doingOf(event) ?? before.doing,
        };
        return;
      }
      case 'user':
        this.#progress = { ...before, doing: 'thinks' };
        return;
      case 'api-retry': {
        const status = event.status === undefined ? event.error : String(event.status);
        this.#progress = { ...before, doing: `waits for the API (${status})` };
        return;
      }
      case 'result':
        this.#settleTokens(event.result.tokens);
        this.#progress = {
          ...before,
          tokens: this.#settled,
          costUsd: before.costUsd + this.#costOf(event.result),
          doing: 'ends',
        };
        return;
      case 'rate-limit':
      case 'control-response':
      case 'other':
      case 'torn':
    }
  }

  #settleTokens(tokens: Tokens): void {
    this.#settled = addTokens(this.#settled, tokens);
    this.#open = NO_TOKENS;
  }

  #costOf({ costUsd, sessionCostUsd }: ClaudeResult): number {
    const before = this.#sessionUsd;
    this.#sessionUsd = sessionCostUsd;
    return costUsd ?? Math.max(0, sessionCostUsd - before);
  }
}

export function addTokens(one: Tokens, other: Tokens): Tokens {
  return {
    input: one.input + other.input,
    output: one.output + other.output,
    cacheRead: one.cacheRead + other.cacheRead,
    cacheCreation: one.cacheCreation + other.cacheCreation,
  };
}

function doingOf({ blocks }: ClaudeEvent & { kind: 'assistant' }): string | undefined {
  const block = blocks.at(-1);
  if (block?.kind === 'text') return 'writes';
  if (block?.kind !== 'tool-use') return undefined;
  const { command, file_path: file, pattern, url, description } = block.input;
  const about = [command, file, pattern, url, description].find((one) => typeof one === 'string');
  const text = about === undefined ? block.name : `${block.name}: ${about.replace(UNPRINTABLE, ' ')}`;
  return text.length > MAX_DOING ? `${text.slice(0, MAX_DOING - 1)}…` : text;
}
