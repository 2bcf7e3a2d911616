/** Names of the object that has what is global. */
export const GLOBAL = '(?:globalThis|window|global|self)';
