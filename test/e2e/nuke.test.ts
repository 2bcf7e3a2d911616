import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { DEVCTL, Rig } from '../support/rig.ts';

const PROCFILE = 'web: exec sleep 600\nworker: (setsid sleep 600 &); exec sleep 600\n';

async function twoProjects(): Promise<{ rig: Rig; other: string }> {
  const rig = Rig.create({ 'Procfile.dev': PROCFILE });
  const other = rig.addProject('q', { 'Procfile.dev': PROCFILE });
  expect((await rig.devctl('start --mode tmux')).code).toBe(0);
  expect((await rig.devctl('start --mode direct', { cwd: other })).code).toBe(0);
  return { rig, other };
}

describe('nuke', () => {
  test('names every process of every project, ends none without a yes, and all with it', async () => {
    const { rig, other } = await twoProjects();
    await using disposed = rig;
    const before = disposed.leftovers().length;
    const dry = await rig.devctl('nuke --dry-run', { cwd: '/' });
    expect(dry.code).toBe(0);
    for (const { pid } of rig.leftovers()) expect(dry.stdout).toContain(`pid ${String(pid)} `);
    expect(dry.stdout).toContain(rig.project);
    expect(dry.stdout).toContain(other);

    const refused = await rig.devctl('nuke');
    expect(refused.code).toBe(5);
    expect(refused.stderr).toContain('--yes');
    expect(rig.leftovers()).toHaveLength(before);

    const done = await rig.devctl('nuke --yes', { cwd: '/' });
    expect(done.code, done.stderr).toBe(0);
    expect(done.stdout).toContain('none is left');
    expect(rig.leftovers()).toEqual([]);
    expect((await rig.devctl('nuke --yes')).stdout).toContain('Nothing that devctl started is running');
  });

  test('--project reaches this project alone, also where its record is lost', async () => {
    const { rig, other } = await twoProjects();
    await using disposed = rig;
    await disposed.sh(`rm "$XDG_STATE_HOME"/devctl/*/run.json`);
    expect((await rig.devctl('nuke --project --yes')).code).toBe(0);
    expect((await rig.devctl('status')).code).toBe(3);
    expect(rig.leftovers().length).toBeGreaterThan(0);
    expect((await rig.devctl('nuke --yes', { cwd: other })).code).toBe(0);
    expect(rig.leftovers()).toEqual([]);
  });

  test('on a terminal it wants the word, and takes no other', async () => {
    const { rig } = await twoProjects();
    await using disposed = rig;
    const terminal = await disposed.terminal();
    terminal.type('$DEVCTL nuke; echo "code $?"');
    await terminal.waitFor(/Type "nuke": *$/m);
    terminal.type('y');
    expect(await terminal.waitFor(/code 5/)).toContain('the answer was no; nothing was done');
    expect(rig.leftovers().length).toBeGreaterThan(3);
    terminal.type('clear; $DEVCTL nuke; echo "code $?"');
    await terminal.waitFor(/Type "nuke": *$/m);
    terminal.type('nuke');
    await terminal.waitFor(/code 0/);
    expect(rig.leftovers().filter(({ command }) => command.includes('keeper.sh'))).toEqual([]);
  });

  test('--everything does not go with --project', async () => {
    await using rig = Rig.create();
    expect((await rig.devctl('nuke --everything --project')).code).toBe(2);
  });
});

/** `nuke --everything` would reach everything of this user: in a pid namespace of its own there is only what the test starts. */
const UNSHARE = ['-pf', '--mount-proc', '--kill-child'];
const canUnshare = spawnSync('unshare', [...UNSHARE, 'true']).status === 0;

describe.skipIf(!canUnshare)('nuke --everything, in a pid namespace of its own', () => {
  const SCRIPT = `
tmux -S "$TMPDIR/mine" -f /dev/null new-session -d 'sleep 601'
node -e 'setInterval(() => undefined, 1000)' & echo "server $!"
sleep 602 & echo "sleeper $!"
sh -c 'exec -a "vim node.js" sleep 603' 2>/dev/null & 
mkdir -p .vscode-server/bin && cp "$(command -v node)" .vscode-server/bin/node
.vscode-server/bin/node -e 'setInterval(() => undefined, 1000)' & echo "editor $!"
$DEVCTL start --no-wait >/dev/null || exit 9
$DEVCTL nuke --everything; echo "refused $?"
$DEVCTL nuke --everything --dry-run
$DEVCTL nuke --everything --yes; echo "done $?"
echo left:
ps -A -o args=
`;

  test('ends tmux servers, their panes and node processes; an editor’s server, others and the shell above it live', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: exec sleep 600\n', 'nuke.sh': SCRIPT });
    const { stdout } = await rig.exec('unshare', [...UNSHARE, 'bash', 'nuke.sh'], { env: { DEVCTL: `node ${DEVCTL}` } });
    const [before = '', left = ''] = stdout.split('left:\n');
    expect(before, stdout).toContain('refused 5');
    expect(before).toMatch(/DANGER: outside every project/);
    expect(before).toMatch(/pid \d+ +tmux server/);
    expect(before).toMatch(/pid \d+ +in tmux \(pid \d+\) +sleep 601/);
    expect(before).toMatch(/left alone:\n.*an editor’s own/);
    expect(before).toContain('done 0');
    expect(left).not.toMatch(/sleep 60[01]/);
    expect(left).not.toMatch(/^node -e/m);
    expect(left).toMatch(/^sleep 602$/m);
    expect(left).toMatch(/^\.vscode-server\/bin\/node/m);
    expect(left).toMatch(/^bash nuke\.sh$/m);
  });
});
