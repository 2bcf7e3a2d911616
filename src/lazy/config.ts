export { parseConfig } from '../project/config.ts';
