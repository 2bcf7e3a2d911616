import fc from 'fast-check';
import { NO_USAGE, type JournalRecord, type Usage } from '../../../src/orchestrator/journal/records.ts';

export const usage = (over: Partial<Usage> = {}): Usage => ({ ...NO_USAGE, ...over });

// Two separators that JSON leaves as they are have a test of their own.
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const id = fc.constantFrom('a', 'b');
const atMs = fc.nat();
const used = fc.nat({ max: 9 }).map((turns) => usage({ turns, costUsd: turns / 4 }));

/** Records of any kind, in no order that a hub would write. */
export const someRecord: fc.Arbitrary<JournalRecord> = fc.oneof(
  fc.record({ kind: fc.constant('attempt' as const), task: id, token: text, session: text, resumes: fc.boolean(), atMs }),
  fc.record({ kind: fc.constant('done' as const), task: id, token: text, usage: used, atMs }),
  fc.record({
    kind: fc.constant('failed' as const),
    task: id,
    token: text,
    failure: fc.record({ class: fc.constant('other' as const), message: text }),
    usage: used,
    atMs,
  }),
  fc.record({ kind: fc.constant('skipped' as const), task: id, because: text, atMs }),
  fc.record({ kind: fc.constant('cancelled' as const), task: id, atMs }),
);
