import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEVCTL, Rig } from '../support/rig.ts';

interface Finding {
  name: string;
  verdict: string;
  says: string;
  fix?: string;
}
const findings = async (rig: Rig, words = 'doctor') => (await rig.json<{ findings: Finding[] }>(words)).findings;
const named = (all: Finding[], name: string) => all.filter((finding) => finding.name === name);

describe('doctor', () => {
  test('finds nothing wrong with this machine, and works where there is no project', async () => {
    await using rig = Rig.create();
    const ran = await rig.devctl('doctor');
    expect(ran.code, ran.stdout).toBe(0);
    expect(ran.stdout).toMatch(/^ok +tmux +tmux \d/m);
    expect(ran.stdout).toMatch(/^(?:ok|warn) +mark /m);
    expect(ran.stdout).not.toMatch(/^fail/m);
  });

  test('says what is missing and what to type', async () => {
    await using rig = Rig.create();
    const bare = await rig.sh(`env PATH=/nowhere "$(command -v node)" ${DEVCTL} doctor --json`);
    const { data } = JSON.parse(bare.stdout) as { data: { findings: Finding[] } };
    expect(named(data.findings, 'tmux')).toMatchObject([
      { verdict: 'warn', fix: expect.stringContaining('install tmux') as string },
    ]);
  });

  test('a tmux that is too old fails', async () => {
    await using rig = Rig.create({ 'bin/tmux': '#!/bin/sh\necho tmux 3.2\n' });
    const ran = await rig.sh('PATH="$PWD/bin:$PATH" $DEVCTL doctor');
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/^fail +tmux +tmux 3\.2: at least 3\.2a/m);
  });

  test('names stale files, and removes them, and nothing else, with --fix', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: exec sleep 600\n' });
    const gone = rig.addProject('gone', {
      'Procfile.dev': 'web: true\n',
      'devctl.yml': 'services: { web: { oneShot: true } }\n',
    });
    expect((await rig.devctl('start', { cwd: gone })).code).toBe(0);
    expect((await rig.devctl('stop', { cwd: gone })).code).toBe(0);
    await rig.sh(`rm -r "${gone}"`);
    expect((await rig.devctl('start --mode tmux')).code).toBe(0);

    const state = join(rig.root, 's', 'devctl');
    const [own] = readdirSync(state).filter((id) => readdirSync(join(state, id)).includes('run'));
    const folder = join(state, own ?? '');
    symlinkSync('999999.1.x', join(folder, 'lock'));
    writeFileSync(join(folder, 'run.json.999999.1.tmp'), '{');
    mkdirSync(join(rig.root, 'r', 'devctl'), { recursive: true });
    await rig.sh(
      `node -e 'require("node:net").createServer().listen("${rig.root}/r/devctl/x.view.999999", () => process.kill(process.pid, "SIGKILL"))'`,
    );

    const stale = named(await findings(rig), 'stale');
    expect(stale.map(({ verdict, says }) => `${verdict} ${says.replace(/^.*: /, '')}`).sort()).toEqual([
      'warn half a write of a devctl that is gone',
      'warn its project ' + gone + ' is gone, and nothing of it runs',
      'warn no tmux server listens there',
      'warn the devctl that held this lock is gone',
    ]);
    expect(named(await findings(rig, 'doctor --fix'), 'stale').every(({ verdict }) => verdict === 'fixed')).toBe(true);
    expect(named(await findings(rig), 'stale')).toEqual([]);
    expect((await rig.devctl('status')).code, 'what runs goes on').toBe(0);
  });
});
