import type { Claim } from '../../../src/ownership/claim.ts';

export const OURS = 'ours';
export const TMUX = 'ours-tmux';

/** A project of user 1000 with one service, `web`, whose keeper is pid 10. */
export function makeClaim(over: Partial<Claim> = {}): Claim {
  return {
    projectId: 'abcabcabcabc',
    uid: 1000,
    since: 500,
    keepers: [{ identity: { pid: 10, start: 1000 }, service: 'web' }],
    runFolder: '/state/run',
    server: undefined,
    marks: new Map([[OURS, 'web']]),
    projectMark: TMUX,
    isProjectMark: (mark) => mark.startsWith('ours'),
    outputs: new Map([
      ['1:77', 'web'],
      ['tty:34816', 'worker'],
    ]),
    commands: new Map([['web', 'bin/rails s']]),
    commandOf: () => '',
    spared: new Set([900, 901]),
    ...over,
  };
}
