export { detectPort } from 'detect-port';
