export { openRedisExecutor } from '../orchestrator/redis/redis-executor.ts';
export { newWorkerId, serveTasks } from '../orchestrator/redis/serve-tasks.ts';
