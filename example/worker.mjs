// devctl-ignore-file no-console: an example shows what it does
// The worker: ticks once a second, and leaves the count where the web server finds it.
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ticks = join(tmpdir(), `devctl-example-ticks-${process.env.WEB_PORT ?? ''}`);
let count = 0;

setInterval(() => {
  count += 1;
  writeFileSync(ticks, String(count));
  console.log(`tick ${count}`);
}, 1000);

process.on('SIGTERM', () => {
  rmSync(ticks, { force: true });
  process.exit(0);
});
