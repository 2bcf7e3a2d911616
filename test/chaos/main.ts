// npm run chaos -- --trials N --seed S [--mode direct|tmux] [--kill-keepers] [--jobs J]
import { parseArgs } from 'node:util';
import { runChaos, tell, tellFailure } from './run.ts';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    mode: { type: 'string' },
    'kill-keepers': { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
  },
});
const { mode } = values;
if (mode !== undefined && mode !== 'direct' && mode !== 'tmux') throw new Error('--mode is direct or tmux');

console.log(`seed ${values.seed}`);
const summary = await runChaos({
  trials: Number(values.trials),
  seed: Number(values.seed),
  jobs: Number(values.jobs),
  killKeepers: values['kill-keepers'],
  ...(mode && { mode }),
  onTrial: (outcome) => {
    process.stdout.write(outcome.failures.length === 0 ? '.' : `\n${tellFailure(outcome)}`);
  },
});
console.log(`\n${tell(summary)}`);
if (summary.failed.length > 0) process.exitCode = 1;
