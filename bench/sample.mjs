// Prints the sample of findings that was checked by hand (docs/validate.md): node bench/sample.mjs [RULE]
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { corpus } from './corpus.mjs';

/** How many of each rule; all where there are fewer. A plain sample would be `any` by four of five. */
const OF_EACH = {
  'no-any': 25,
  'no-console': 25,
  'no-todo': 25,
  'no-lint-disable': 25,
  'no-empty-catch': 25,
  'no-fake-data': 25,
  'no-fake-async': 25,
  'no-hard-coded-credential': 12,
  'no-ts-ignore': 5,
  'no-console-error': 5,
  'no-fixed-wait': 5,
};

const folder = mkdtempSync(join(tmpdir(), 'devctl-sample-'));
try {
  cpSync(await corpus(), join(folder, 'files'), { recursive: true });
  writeFileSync(join(folder, 'devctl.yml'), 'validate: { level: 4 }\n');
  execFileSync('git', ['init', '-q', folder]);
  const bin = join(import.meta.dirname, '..', 'bin', 'devctl.js');
  const { data } = JSON.parse(run(bin));
  const rank = ({ rule, file, line, column }) => createHash('sha256').update([rule, file, line, column].join()).digest('hex');
  for (const [rule, most] of Object.entries(OF_EACH)) {
    if (process.argv[2] !== undefined && process.argv[2] !== rule) continue;
    const all = data.findings.filter((one) => one.rule === rule);
    const sample = all.sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, most);
    console.log(`\n# ${rule}: ${String(sample.length)} of ${String(all.length)}`);
    for (const [index, { file, line }] of sample.entries()) {
      const lines = readFileSync(join(folder, file), 'utf8').split('\n');
      console.log(`\n${rule} ${String(index + 1)}: ${file.slice('files/'.length)}:${String(line)}`);
      for (let at = Math.max(0, line - 4); at < Math.min(lines.length, line + 3); at += 1)
        console.log(`${at === line - 1 ? '>' : ' '} ${lines[at].slice(0, 150)}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(bin) {
  try {
    return execFileSync(process.execPath, [bin, 'validate', '--json'], { cwd: folder, maxBuffer: 1e9, encoding: 'utf8' });
  } catch (error) {
    // 1: there are findings.
    return error.stdout;
  }
}
