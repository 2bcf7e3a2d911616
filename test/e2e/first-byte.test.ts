import { describe, expect, test } from 'vitest';
import { MODES, Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

const INSTANCES = 30;
const STARTS = 2;

const CONFIG = `services:
  stays: { instances: ${String(INSTANCES)} }
  once: { instances: ${String(INSTANCES)}, oneShot: true }
`;

describe.each(MODES)('in %s mode', (mode) => {
  const env = { DEVCTL_MODE: mode };

  test(`${String(INSTANCES * STARTS)} services that stay, and as many that end at once, have their line in the log`, async () => {
    await using rig = Rig.create({
      'Procfile.dev': 'stays: echo first; exec sleep 86421\nonce: echo only\n',
      'devctl.yml': CONFIG,
    });
    const expected = Object.fromEntries(
      Array.from({ length: INSTANCES }, (_, index) => String(index + 1)).flatMap((number) => [
        [`stays.${number}`, ['first']],
        [`once.${number}`, ['only']],
      ]),
    );
    const logged = () => Object.fromEntries(Object.keys(expected).map((name) => [name, linesOf(rig, name)]));

    for (let start = 1; start <= STARTS; start += 1) {
      const started = await rig.devctl('start --timeout 2m', { env, timeoutMs: 150_000 });
      expect(started.code, started.stderr).toBe(0);
      // A pane's bytes are on their way through tmux for a moment after the start.
      await waitFor('a line in each log', () => Object.values(logged()).every((lines) => lines.length > 0)).catch(() => {
        // What is missing is told by the next line.
      });
      expect(logged(), `start ${String(start)}`).toEqual(expected);
      expect((await rig.devctl('stop')).code).toBe(0);
    }
  }, 400_000);

  test('the line of a release step that ends at once is in the log', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'release: echo only\n' });
    expect(await rig.devctl('start', { env })).toMatchObject({ code: 0, stderr: '' });
    await waitFor('the line', () => linesOf(rig, 'release').length > 0);
    expect(linesOf(rig, 'release')).toEqual(['only']);
  });

  test('commands that end when their stdin ends stay up', async () => {
    await using rig = Rig.create({
      'Procfile.dev': 'reader: cat\nbundle: esbuild in.js --outfile=out.js --watch\n',
      'in.js': 'console.log("before");\n',
    });
    expect((await rig.devctl('start', { env })).code).toBe(0);
    await waitFor('the first build', () => rig.has('out.js') && rig.read('out.js').includes('before'));

    rig.write({ 'in.js': 'console.log("after");\n' });
    await waitFor('another build, so the watcher lives', () => rig.read('out.js').includes('after'), 20_000);
    const { services } = await rig.json<{ services: { name: string; state: string }[] }>('status');
    expect(services).toMatchObject([
      { name: 'reader', state: 'running' },
      { name: 'bundle', state: 'running' },
    ]);
  });
});

/** A log without devctl's own first line, and without the carriage returns of a pane. */
function linesOf(rig: Rig, service: string): string[] {
  const path = `log/${service}.log`;
  if (!rig.has(path)) return [];
  return rig.read(path).replace(/\r/g, '').split('\n').slice(1, -1);
}
