export { sessionStart } from '../claude/hooks/session-start.ts';
export { sweepAfter } from '../claude/hooks/sweeper.ts';
export { realMachine } from '../machine/real-machine.ts';
