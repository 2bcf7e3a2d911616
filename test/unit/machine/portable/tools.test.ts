import { describe, expect, test } from 'vitest';
import { portableTools } from '../../../../src/machine/portable/tools.ts';
import type { ToolAnswer } from '../../../../src/machine/tool-runner.ts';

const KILLED: ToolAnswer = { stdout: '', stderr: '', outcome: 'killed', exitCode: 1 };
const DONE: ToolAnswer = { stdout: '1 init\n', stderr: '', outcome: 'done', exitCode: 0 };

function answering(...answers: ToolAnswer[]) {
  let asked = 0;
  const tools = portableTools(() => answers[Math.min(asked++, answers.length - 1)] ?? DONE, '/bin');
  return { tools, asked: () => asked };
}

describe('a tool that a Ctrl-C has hit before it was deaf', () => {
  test('is asked again: an empty answer would mean that nobody is there', () => {
    for (const tool of ['ps', 'lsof'] as const) {
      const { tools, asked } = answering(KILLED, KILLED, DONE);
      expect(tools[tool](['-A'])).toBe(DONE.stdout);
      expect(asked()).toBe(3);
    }
  });

  test.skipIf(process.platform !== 'linux')(
    'nor does a ps count that a hang-up has hit, which looks as if nobody were there',
    () => {
      const nobody: ToolAnswer = { stdout: '', stderr: '', outcome: 'failed', exitCode: 1 };
      const all = answering(nobody, nobody, DONE);
      expect(all.tools.ps(['-A'])).toBe(DONE.stdout);
      expect(() => answering(nobody).tools.ps(['-A'])).toThrow('it printed nothing');
      const some = answering(nobody, DONE);
      expect(some.tools.ps(['-p', '1'])).toBe(DONE.stdout);
      const none = answering(nobody);
      expect(none.tools.ps(['-p', '1'])).toBe('');
      expect(none.asked()).toBe(2);
    },
  );

  test('is no endless matter', () => {
    const { tools, asked } = answering(KILLED);
    expect(() => tools.lsof(['-i'])).toThrow('it was killed');
    expect(asked()).toBeLessThan(10);
  });
});
