import { execFileSync } from 'node:child_process';
import { median, rounds } from '../measure.mjs';
import { findPeers } from '../peers.mjs';
import { poll } from '../poll.mjs';
import { watchDeaths } from '../processes.mjs';
import { isService } from '../services.mjs';
import { weigh } from './memory.mjs';

const COUNTS = [2, 10, 50];
const WEIGHED = 10;

/** @type {import('../main.mjs').Subject} */
export const peers = {
  name: 'peers',
  runs: 5,
  isExtra: true,
  async measure(workspace, runs) {
    const { found, missing } = findPeers(workspace);
    /** @type {Map<string, Record<string, number[]>>} */
    const figures = new Map();
    /** @type {string[]} */
    const notes = missing.map((name) => `not here: ${name}`);
    for (const count of COUNTS) {
      const results = await rounds(runs, async () => {
        /** @type {Record<string, number>} */
        const round = {};
        for (const peer of [...found]) {
          const one = await measureOnce(workspace, peer, count).catch((/** @type {unknown} */ error) => {
            notes.push(`left out: ${peer.name} (${String(error)})`);
            found.splice(found.indexOf(peer), 1);
            workspace.endAll();
            return {};
          });
          for (const [key, value] of Object.entries(one)) round[`${peer.name}|${key}`] = value;
        }
        return round;
      });
      for (const [key, samples] of Object.entries(results)) {
        const [name = '', figure = ''] = key.split('|');
        figures.set(figure, { ...figures.get(figure), [name]: samples });
      }
    }
    return [...figures].map(([figure, byPeer]) => ({
      subject: figure,
      rows: Object.entries(byPeer)
        .map(([name, samples]) => ({ name, unit: figure.startsWith('memory') ? 'MB' : 'ms', samples }))
        .sort((a, b) => median(a.samples) - median(b.samples)),
      notes: figure === 'start to the last first line, 2 services' ? notes : [],
    }));
  },
};

/**
 * @param {import('../workspace.mjs').Workspace} workspace
 * @param {import('../peers.mjs').Peer} peer
 * @param {number} count
 * @returns {Promise<Record<string, number>>}
 */
async function measureOnce(workspace, peer, count) {
  const project = workspace.project(`peer-${peer.name.replace(/\W+/g, '-')}-${String(count)}`, peer.files(count));
  execFileSync('find', [project.folder, '(', '-name', '*.log', '-o', '-name', 'up-*', ')', '-delete']);
  const command = project.begin(peer.start(count, project), peer.env?.(project));
  const hasAll = peer.hasAll(count, project);
  const started = poll(`the first lines under ${peer.name}`, hasAll, 60_000) - command.began;
  /** @type {Record<string, number>} */
  const figures = { [`start to the last first line, ${String(count)} services`]: started };
  if (peer.isDaemon) await command.over;
  if (count === WEIGHED) figures[`memory of the manager (PSS), ${String(count)} idle services`] = weigh(workspace, count);

  const before = workspace.processes();
  const services = before.filter(isService).map(({ pid }) => pid);
  const began = performance.now();
  peer.stop(project, before);
  const deaths = watchDeaths(
    before.map(({ pid }) => pid),
    20_000,
  );
  const last = (/** @type {number[]} */ pids) => Math.max(...pids.map((pid) => deaths.get(pid) ?? NaN)) - began;
  figures[`stop, typed to services gone, ${String(count)} services`] = last(services);
  figures[`stop, typed to all gone, ${String(count)} services`] = last([...deaths.keys()]);
  await command.over;
  workspace.waitUntilEmpty();
  return figures;
}
