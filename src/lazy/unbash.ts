export { forEachChild, parse } from 'unbash';
