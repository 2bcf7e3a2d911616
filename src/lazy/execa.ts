export { execaSync } from 'execa';
