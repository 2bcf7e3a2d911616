export { parseTasks } from '../orchestrator/tasks/parse.ts';
