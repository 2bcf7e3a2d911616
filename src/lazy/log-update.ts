export { createLogUpdate } from 'log-update';
export { default as stringWidth } from 'string-width';
