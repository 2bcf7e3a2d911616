import { execFileSync } from 'node:child_process';

/** The end-to-end tests run what a user runs: the built bin. */
export default function buildOnce(): void {
  execFileSync('node', ['scripts/build.mjs'], { stdio: 'inherit' });
}
