/** Stands for a value that is to be put there. */
export const PLACEHOLDER =
  /x{4}|\*{3}|\.{3}|…|example|sample|placeholder|redacted|dummy|fake|mock|your|change.?me|replace|insert|todo|<[^>]*>|\$\{|\{\{|%s|^(.)\1+$|012345|12345[^\d]|1234567890|abcdef/i;
