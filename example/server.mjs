// devctl-ignore-file no-console: an example shows what it does
// The web server: answers with the time and with what the worker last counted.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ticks = join(tmpdir(), `devctl-example-ticks-${process.env.WEB_PORT ?? ''}`);

function lastTick() {
  try {
    return Number(readFileSync(ticks, 'utf8'));
  } catch {
    return 0;
  }
}

const server = createServer((request, response) => {
  console.log(`${request.method} ${request.url}`);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ time: new Date().toISOString(), ticks: lastTick() }));
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log(`web listens on http://localhost:${process.env.PORT}`));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
