import type { CommandRun } from '../context.ts';
export const run: CommandRun = () => Promise.reject(new Error('todo'));
