import { describe, expect, test } from 'vitest';
import { findCrashSign } from '../../../src/services/crash-signs.ts';

const NODEMON = '[nodemon] app crashed - waiting for file changes before starting...';
const WATCH = `Failed running 'server.js'`;
const TS = '[ERROR] 12:00:00 ⨯ Unable to compile TypeScript:';

describe('a watcher that lives around a program that does not', () => {
  test.each<[string, string, string]>([
    ['nodemon', `[nodemon] starting \`node x.js\`\nError: x\n    at y\n${NODEMON}\n`, NODEMON],
    ['node --watch', `Error: x\n${WATCH}\n`, WATCH],
    ['without a newline at the end', `Error: x\n${NODEMON}`, NODEMON],
    ['in a pane, with CRLF', `Error: x\r\n${NODEMON}\r\n`, NODEMON],
    ['in a pane, where nodemon writes in colour', `Error: x\r\n\u001b[31m${NODEMON}\u001b[39m\r\n`, NODEMON],
    ['in a pane, where node --watch does', `Error: x\r\n\u001b[31m${WATCH}\u001b[39m\r\n`, WATCH],
    [
      'after a restart that crashed again',
      `${NODEMON}\n[nodemon] restarting due to changes...\n[nodemon] starting \`node x\`\n${NODEMON}\n`,
      NODEMON,
    ],
  ])('%s', (_, log, sign) => {
    expect(findCrashSign(log)).toBe(sign);
  });
});

describe('no sign', () => {
  test.each<[string, string]>([
    ['an empty log', ''],
    ['a log of anything', 'Error: x\nlistening on 3000\n'],
    ['nodemon’s, before it started anew', `${NODEMON}\n[nodemon] restarting due to changes...\n[nodemon] starting \`node x\`\n`],
    ['node --watch’s, before it started anew', `${WATCH}\nRestarting 'server.js'\nlistening\n`],
    ['in colour, before it started anew', `\u001b[31m${WATCH}\u001b[39m\r\n\u001b[32mRestarting 'server.js'\u001b[39m\r\n`],
    ['the words inside a line', `I saw "${NODEMON}"\n`],
    ['a file that ran to its end', `Completed running 'server.js'\n`],
    ['what another program compiles', `${TS.replace('[ERROR]', '[WARN]')}\n`],
  ])('%s', (_, log) => {
    expect(findCrashSign(log)).toBeUndefined();
  });
});
