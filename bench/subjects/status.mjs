import { rounds, rowsAgainstNode } from '../measure.mjs';
import { FIRST_LINE, procfile } from '../services.mjs';

/** @type {import('../main.mjs').Subject} */
export const status = {
  name: 'status',
  runs: 20,
  async measure(workspace, runs) {
    const services = procfile(10, FIRST_LINE);
    const up = workspace.project('status-up', { 'Procfile.dev': services });
    const idle = workspace.project('status-idle', { 'Procfile.dev': services });
    up.devctl('start --mode direct');
    const figures = await rounds(runs, () => ({
      node: up.node(),
      idle: idle.devctl('status', { codes: [3] }),
      up: up.devctl('status'),
    }));
    up.devctl('stop');
    workspace.waitUntilEmpty();

    const row = rowsAgainstNode(figures, 1.6);
    return [
      {
        subject: 'status',
        rows: [row('node -e 0', 'node'), row('devctl status, 10 services up', 'up'), row('devctl status, nothing runs', 'idle')],
        notes: [],
      },
    ];
  },
};
