import { names } from './services.mjs';

/**
 * The floor of a tmux mode: one sequence that opens a window for each service, with a log writer.
 * @param {import('./workspace.mjs').Project} project
 * @param {number} count
 * @param {string} command
 */
export function bareTmux(project, count, command) {
  const socket = project.path('bare.sock');
  const base = ['tmux', '-S', socket, '-f', '/dev/null'];
  const logs = names(count).map((name) => project.path(`bare-${name}.log`));
  const open = logs.flatMap((log, index) => [
    ...(index === 0 ? ['new-session', '-d', '-s', 'bare'] : [';', 'new-window']),
    ...['-n', `s${String(index + 1)}`, 'sh', '-c', command],
    ...[';', 'pipe-pane', `exec cat >>'${log}'`],
  ]);
  return { logs, start: [...base, ...open], stop: [...base, 'kill-server'], env: { TERM: 'screen', SHELL: '/bin/sh' } };
}
