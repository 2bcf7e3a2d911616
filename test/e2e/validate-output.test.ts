import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEVCTL, Rig } from '../support/rig.ts';
import { BAD, git, GOOD, WARNED } from './validate-projects.ts';

interface Region {
  startLine: number;
  startColumn: number;
  endLine: number;
  endColumn: number;
}
interface Sarif {
  $schema: string;
  version: string;
  runs: {
    tool: { driver: { name: string; version: string; rules: { id: string; shortDescription: { text: string } }[] } };
    columnKind?: string;
    originalUriBaseIds?: Record<string, { uri: string }>;
    results: {
      ruleId: string;
      ruleIndex?: number;
      level: string;
      message: { text: string };
      locations: { physicalLocation: { artifactLocation: { uri: string; uriBaseId?: string }; region: Region } }[];
    }[];
  }[];
}

async function sarifOf(rig: Rig, words = ''): Promise<Sarif> {
  return JSON.parse((await rig.devctl(`validate --sarif ${words}`)).stdout) as Sarif;
}

describe('--json', () => {
  test('is one document, and its counts are those of its findings', async () => {
    await using rig = Rig.create({ 'a.ts': BAD + WARNED, 'b/c.tsx': BAD, 'd.js': GOOD });
    const ran = await rig.devctl('validate --json');
    const document = JSON.parse(ran.stdout) as { schema: string; ok: boolean; data: { findings: { file: string }[] } };
    expect(document).toMatchObject({ schema: 'devctl.validate/1', ok: true, data: { errors: 2, warnings: 1, files: 3 } });
    expect(document.data.findings.map(({ file }) => file)).toEqual(['a.ts', 'a.ts', 'b/c.tsx']);
    expect(ran.stdout.endsWith('}\n')).toBe(true);
    expect(ran.stdout.trimEnd()).not.toContain('\n');
  });

  test('is whole however much there is, through a pipe that is read slowly', async () => {
    await using rig = Rig.create({ 'a.ts': BAD.repeat(20_000) });
    const ran = await rig.sh('$DEVCTL validate --json | (read -r -n 1 first; printf %s "$first"; cat) > out.txt');
    expect(ran.stderr).toBe('');
    const { data } = JSON.parse(rig.read('out.txt')) as { data: { errors: number; findings: unknown[] } };
    expect(data.findings).toHaveLength(20_000);
  });

  test('--list and --explain are documents as well', async () => {
    await using rig = Rig.create();
    const { rules } = await rig.json<{ rules: { id: string; severity: Record<string, string> }[] }>('validate --list');
    expect(rules.map(({ id }) => id)).toContain('no-fake-async');
    const explained = await rig.devctl('validate --explain no-any --json');
    expect(explained.code).toBe(0);
    expect(JSON.parse(explained.stdout)).toMatchObject({ ok: true });
    expect(explained.stdout).toContain('no-any');
  });
});

describe('--sarif', () => {
  test('is 2.1.0 with all rules, levels, relative URIs and regions that are right', async () => {
    const line = 'const face = "😀é"; try { work(face); } catch {}\n';
    await using rig = Rig.create({ 'src/ä b.ts': GOOD + line, 'c%20d.ts': `\t${WARNED}` });
    const sarif = await sarifOf(rig);
    expect(sarif.version).toBe('2.1.0');
    expect(sarif.$schema).toMatch(/sarif.*2\.1\.0/);
    const [run] = sarif.runs;
    if (run === undefined) throw new Error('no run');
    expect(run.tool.driver.name).toBe('devctl');
    for (const { ruleId, ruleIndex = -1, message, level } of run.results) {
      expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(['error', 'warning', 'note']).toContain(level);
      expect(message.text.length).toBeGreaterThan(0);
    }
    const found = run.results.map(({ ruleId, level, locations: [place] }) => {
      if (place === undefined) throw new Error('no place');
      const { artifactLocation, region } = place.physicalLocation;
      const base = run.originalUriBaseIds?.[artifactLocation.uriBaseId ?? '']?.uri ?? `file://${rig.project}/`;
      const text = readFileSync(new URL(artifactLocation.uri, base), 'utf8').split('\n')[region.startLine - 1] ?? '';
      expect(region.endLine).toBe(region.startLine);
      return [ruleId, level, text.slice(region.startColumn - 1, region.endColumn - 1)];
    });
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(found.sort()).toEqual([
      ['no-any', 'warning', 'any'],
      ['no-empty-catch', 'error', '{}'],
    ]);
  });

  test('a # in a name is no fragment of its URI', async () => {
    await using rig = Rig.create({ 'a#b?.ts': BAD });
    expect((await sarifOf(rig)).runs[0]?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe('a%23b%3F.ts');
  });

  test('of a clean project has a run and no results', async () => {
    await using rig = Rig.create({ 'a.ts': GOOD });
    expect((await sarifOf(rig)).runs).toMatchObject([{ results: [] }]);
  });

  test('from a subfolder its URIs are those of the project', async () => {
    await using rig = Rig.create({ 'src/deep/a.ts': BAD });
    await git(rig, 'init -q');
    const ran = await rig.devctl('validate --sarif', { cwd: join(rig.project, 'src') });
    const { runs } = JSON.parse(ran.stdout) as Sarif;
    expect(runs[0]?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe('src/deep/a.ts');
  });
});

describe('text', () => {
  test('names the place, the rule and what to type next', async () => {
    await using rig = Rig.create({ 'a.ts': GOOD + BAD });
    const { stdout } = await rig.devctl('validate');
    expect(stdout).toMatch(/^a\.ts$/m);
    expect(stdout).toMatch(/^ +2:\d+ +error +no-empty-catch/m);
    expect(stdout).toMatch(/^1 error in 1 file/m);
    expect(stdout).toContain('devctl validate --explain no-empty-catch');
    expect(stdout).not.toContain('\u001B');
  });

  test('is bounded, and says what it has cut', async () => {
    await using rig = Rig.create(Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`f${String(n)}.ts`, BAD.repeat(5)])));
    const { stdout } = await rig.devctl('validate');
    expect(stdout.split('\n').length).toBeLessThan(500);
    expect(stdout.length).toBeLessThan(40_000);
    expect(stdout).toContain('2000 errors');
    expect(stdout).toMatch(/more|cut|left out|--json/);
  });

  test('a line is bounded as well', async () => {
    await using rig = Rig.create({ 'a.ts': `/* ${'x'.repeat(3000)} */ ${BAD}` });
    const { stdout } = await rig.devctl('validate');
    expect(stdout).toContain('no-empty-catch');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(400);
  });

  test('neither a file nor its name drives the terminal', async () => {
    await using rig = Rig.create();
    writeFileSync(join(rig.project, 'a\u001B[31m\nb.ts'), `/* \u001B]0;owned\u0007 */ try { work("\u001B[2J"); } catch {}\n`);
    const { stdout, stderr } = await rig.devctl('validate');
    expect(stdout).toContain('no-empty-catch');
    expect(JSON.stringify(stdout + stderr)).not.toMatch(/\\u001b|\\u0007/i);
    expect(stdout, 'a name takes one line').not.toMatch(/^b\.ts/m);
  });

  test('a reader that has seen enough is no error', async () => {
    await using rig = Rig.create({ 'a.ts': BAD.repeat(5000) });
    for (const flag of ['', '--json', '--sarif', '--list', '--explain no-fake-async']) {
      const ran = await rig.sh(`$DEVCTL validate ${flag} | head -c 1 > /dev/null; echo "\${PIPESTATUS[0]}"`);
      expect(ran.stderr, flag).toBe('');
      expect(['0', '1', '141'], flag).toContain(ran.stdout.trim());
    }
  });

  test('an output that cannot be written is no success', async () => {
    await using rig = Rig.create({ 'a.ts': GOOD });
    const ran = await rig.sh('$DEVCTL validate --json > /dev/full');
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).not.toMatch(/ {4}at /);
  });

  test('on a terminal it says the same, and the exit code stays', async () => {
    await using rig = Rig.create({ 'a.ts': BAD });
    const terminal = await rig.terminal();
    terminal.type('clear; $DEVCTL validate; echo "ended: $?"');
    const screen = await terminal.waitFor(/ended: \d+/);
    expect(screen).toMatch(/1:\d+ +error +no-empty-catch/);
    expect(screen).toContain('1 error in 1 file');
    expect(screen).toContain('ended: 1');
  });

  test('Ctrl-C ends it at once', async () => {
    await using rig = Rig.create(
      Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`f${String(n)}.ts`, BAD.repeat(60)])),
    );
    const ran = await rig.sh(`node ${DEVCTL} validate --json > /dev/null & pid=$!; kill -INT $pid; wait $pid; echo $?`);
    expect(['130', '0', '1'], ran.stderr).toContain(ran.stdout.trim());
    expect(ran.stderr).not.toMatch(/ {4}at /);
  });
});
