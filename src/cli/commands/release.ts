import { ok } from '../../result.ts';
import type { CommandRun } from '../context.ts';

/** `devctl release`, which the watchdog of a governor types: `main.ts` does it before every command. */
export const run: CommandRun = () => Promise.resolve(ok({ exit: 0, schema: 'devctl.release/1', data: {}, text: '' }));
