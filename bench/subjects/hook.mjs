import { rounds, rowsAgainstNode } from '../measure.mjs';
import { FIRST_LINE, procfile } from '../services.mjs';

/** @param {string} command @param {string} cwd */
const event = (command, cwd) => JSON.stringify({ session_id: 'x', cwd, tool_name: 'Bash', tool_input: { command } });

/** Every Bash call of an agent waits for the first of them. @type {import('../main.mjs').Subject} */
export const hook = {
  name: 'hook',
  runs: 20,
  async measure(workspace, runs) {
    const project = workspace.project('hook', { 'Procfile.dev': procfile(10, FIRST_LINE) });
    const run = (/** @type {string} */ name, /** @type {string} */ command, agent = '4194303') =>
      project.devctl(`hook ${name}`, { input: event(command, project.folder), env: { CLAUDE_PID: agent } });
    const figures = await rounds(runs, () => ({
      node: project.node(),
      harmless: run('pre-tool-use', 'git status && ls -la'),
      parsed: run('pre-tool-use', 'cd frontend && FOO=1 timeout 5 npm run build'),
      end: run('session-end', ''),
    }));
    project.devctl('start --mode direct --no-wait');
    figures['start'] = (await rounds(runs, () => ({ start: run('session-start', '', String(process.pid)) })))['start'] ?? [];
    project.devctl('stop');
    workspace.waitUntilEmpty();

    const row = rowsAgainstNode(figures, 1.3);
    return [
      {
        subject: 'hook',
        rows: [
          row('node -e 0', 'node'),
          row('pre-tool-use, nothing of the guard’s', 'harmless'),
          row('pre-tool-use, with the parser', 'parsed'),
          row('session-end', 'end'),
          row('session-start, 10 services up', 'start'),
        ],
        notes: [],
      },
    ];
  },
};
