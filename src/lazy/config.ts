export { configJsonSchema } from '../project/config-schema.ts';
export { parse as parseYaml } from 'yaml';
export { configPlace, parseConfig } from '../project/config.ts';
export { parseTasks } from '../orchestrator/tasks/parse.ts';
export { parseRule } from '../validate/project-rules/parse.ts';
