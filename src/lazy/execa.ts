export { execa, execaSync, type Options } from 'execa';
