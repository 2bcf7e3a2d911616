import { describe, expect, test } from 'vitest';
import { CLAUDE, JOB, look, looks, SHELL, TOOL_SHELL, type Given } from '../fakes/agent-tree.ts';

describe('an agent below an agent', () => {
  const NESTED: Given = { pid: 30, ppid: 10, start: 400, comm: 'claude', argv: ['claude', '-p', 'x'] };

  test('is one by the program itself, not by a folder of such a name', () => {
    const words = [
      ['make', '-C', '/src/goose', 'all'],
      ['bash', '-c', 'cd ~/src/claude && make'],
      ['tsc', '-p', '/app/extensions/a'],
      ['grep', '-r', 'x', '/opt/claude'],
    ];
    for (const argv of words) expect(look([CLAUDE, SHELL, { ...JOB, argv }]).roles).toMatchObject({ 20: 'work' });
    expect(look([CLAUDE, SHELL, NESTED]).roles).toMatchObject({ 30: 'agent' });
  });

  test('of another make is left alone, with all below it', () => {
    const codex: Given = { ...JOB, argv: ['node', '/n/bin/codex', 'exec'] };
    expect(look([CLAUDE, SHELL, codex, { pid: 21, ppid: 20, start: 500 }]).roles).toMatchObject({ 20: 'apart', 21: 'apart' });
  });

  test('that a shell becomes after a while is one from then on', () => {
    const script: Given = { ...JOB, comm: 'late.sh', argv: ['sh', './late.sh'] };
    expect(looks([SHELL, script], [SHELL, { ...JOB, comm: 'claude', argv: ['claude'] }]).roles).toMatchObject({ 20: 'agent' });
  });

  test('has orphans of its own, which carry its number', () => {
    const lost: Given = { pid: 40, ppid: 1, sid: 39, start: 600, agent: 30 };
    expect(look([CLAUDE, SHELL, NESTED, lost]).roles).toMatchObject({ 40: 'work' });
    expect(look([CLAUDE, SHELL, lost]).roles).toEqual({ 5: 'agent', 10: 'shell' });
  });
});

describe('a stranger', () => {
  test('with a living parent is that one’s, whatever mark it carries', () => {
    const parent: Given = { pid: 40, ppid: 2, start: 300, argv: ['tmux', 'new'] };
    expect(look([CLAUDE, parent, { pid: 41, ppid: 40, start: 400, agent: 5 }]).roles).toEqual({ 5: 'agent' });
  });

  test('that got the number of a tool shell’s session, when nobody was left in it, is none of ours', () => {
    const late: Given = { pid: 41, ppid: 1, sid: 10, start: 900 };
    expect(looks([SHELL], [], [late]).roles).toEqual({ 5: 'agent' });
    expect(looks([SHELL], [{ ...late, start: 300 }]).roles).toEqual({ 5: 'agent', 41: 'work' });
  });

  test('that runs a tool shell’s words is no shell of ours', () => {
    expect(look([CLAUDE, { pid: 41, ppid: 2, start: 400, argv: TOOL_SHELL }]).roles).toEqual({ 5: 'agent' });
  });
});
