export { openRedisExecutor } from '../orchestrator/redis/redis-executor.ts';
export { serveRequests } from '../orchestrator/redis/serve-requests.ts';
export { newWorkerId, serveTasks } from '../orchestrator/redis/serve-tasks.ts';
