export { configJsonSchema } from '../project/config-schema.ts';
export { configPlace, parseConfig } from '../project/config.ts';
