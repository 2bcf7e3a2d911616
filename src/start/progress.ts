import type { Mishap } from '../failure.ts';
import type { OwnedListener } from '../machine/listeners.ts';

/** How one service stands while a start waits; handed to whoever draws it. */
export type Progress =
  | { kind: 'pending'; service: string; after: string[] }
  | { kind: 'waiting'; service: string; for: string; seconds: number }
  | {
      kind: 'up';
      service: string;
      how: 'listening' | 'running' | 'done' | 'published';
      seconds: number;
      listeners: OwnedListener[];
      note?: string;
    }
  | { kind: 'failed'; service: string; mishap: Mishap; seconds: number };
