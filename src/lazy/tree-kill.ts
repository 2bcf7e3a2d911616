export { default as treeKill } from 'tree-kill';
