import { describe, expect, test } from 'vitest';
import { boundData } from '../../../src/cli/mcp/bound.ts';

describe('an answer for a model', () => {
  test('is cut at its longest list, and says so', () => {
    const processes = Array.from({ length: 2000 }, (_, pid) => ({ pid, command: 'node x.js' }));
    const bounded = boundData({ root: '/app', processes, few: [1] }, 5000) as {
      processes: unknown[];
      few: unknown[];
      omitted: object;
    };
    expect(Buffer.byteLength(JSON.stringify(bounded))).toBeLessThan(5100);
    expect(bounded.processes[0]).toEqual({ pid: 0, command: 'node x.js' });
    expect(bounded.few).toEqual([1]);
    expect(bounded.omitted).toEqual({ processes: 2000 - bounded.processes.length });
  });

  test('stays as it is where it fits, with times to the millisecond', () => {
    expect(boundData({ seconds: 0.6729430770000001, ports: [3000] })).toEqual({ seconds: 0.673, ports: [3000] });
  });
});
