export { findNodeAtLocation, parse, parseTree } from 'jsonc-parser';
