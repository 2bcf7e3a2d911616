/** Passwords and tokens stand in URLs: of repositories, of Redis. */
export const withoutSecrets = (text: string): string => text.replace(/:\/\/[^/\s]*@/g, '://***@');
