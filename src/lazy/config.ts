export { configJsonSchema } from '../project/config-schema.ts';
export { parseConfig } from '../project/config.ts';
