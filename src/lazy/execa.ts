export { execaSync, type Options } from 'execa';
