/** Stands for a value that is to be put there; the last is the token that jwt.io explains. */
export const PLACEHOLDER =
  /x{4}|\*{3}|\.{3}|…|example|sample|placeholder|redacted|dummy|fake|mock|your|change.?me|replace|insert|todo|<[^>]*>|\$\{|\{\{|%s|^(.)\1+$|012345|12345[^\d]|1234567890|abcdef|SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c/i;
