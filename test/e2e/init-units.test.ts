import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';

const PROCFILE = { 'Procfile.dev': 'web: exec sleep 600\n' };
const unitsOf = (rig: Rig) => join(rig.env['HOME'] ?? '', '.config', 'systemd', 'user');
const hasVerifier = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('devctl init --systemd', () => {
  test('writes units that systemd accepts, once, and takes them out again', async () => {
    await using rig = Rig.create(PROCFILE);
    const shown = await rig.devctl('init --systemd --dry-run');
    expect(shown.stdout).toContain('+ExecStart=');
    expect(existsSync(unitsOf(rig))).toBe(false);

    const written = await rig.devctl('init --systemd --yes');
    const names = readdirSync(unitsOf(rig));
    expect(names).toHaveLength(3);
    const service = names.find((name) => /^devctl-p-[0-9a-f]{6}\.service$/.test(name)) ?? '';
    expect(written.stdout).toContain(`enable --now ${service} devctl-cleanup.timer`);
    if (hasVerifier) {
      const env = { ...process.env, HOME: rig.env['HOME'], XDG_RUNTIME_DIR: rig.env['XDG_RUNTIME_DIR'] };
      const units = names.map((name) => join(unitsOf(rig), name));
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--user', ...units], { env, encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
    expect((await rig.devctl('init --systemd --yes')).stdout).toContain('are there already');

    appendFileSync(join(unitsOf(rig), 'devctl-cleanup.timer'), '# mine\n');
    expect((await rig.devctl('init --systemd --remove --yes')).stdout).toContain(`removed ${service}`);
    expect(readdirSync(unitsOf(rig))).toEqual(['devctl-cleanup.timer']);
  });

  test('the command of its service runs the project, and SIGTERM ends it whole', async () => {
    await using rig = Rig.create(PROCFILE);
    await rig.devctl('init --systemd --yes');
    const name = readdirSync(unitsOf(rig)).find((one) => one.startsWith('devctl-p-')) ?? '';
    const exec = /^ExecStart=(.*)$/m.exec(readFileSync(join(unitsOf(rig), name), 'utf8'))?.[1] ?? '';
    const line = `${exec} & unit=$!; until $DEVCTL status >/dev/null; do sleep 0.1; done; kill -TERM $unit; wait $unit; echo "ended: $?"`;
    const { stdout } = await rig.sh(line);
    expect(stdout).toContain('ended: 143');
    expect(rig.leftovers()).toEqual([]);
  });
});
