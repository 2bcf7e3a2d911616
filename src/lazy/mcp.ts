export { serveMcp } from '../cli/mcp/server.ts';
