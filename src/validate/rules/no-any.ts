import type { Rule } from '../rule.ts';

export const noAny: Rule = {
  id: 'no-any',
  message: '`any` switches the type checker off',
  why: 'Whatever goes through an `any` is not checked, neither here nor where it arrives; the mistake shows in production.',
  instead: 'Write the type; `unknown` and a check where it is not known; a type parameter where the caller knows it.',
  severity: ['off', 'warning', 'error', 'error'],
  finders: [{ by: 'oxlint', rule: 'typescript/no-explicit-any' }],
  bad: [
    { code: 'export function first(list: any[]) { return list[0]; }' },
    { code: 'const body = (await response.json()) as any;' },
    { code: 'const cache: Record<string,\n  Map<string, any>\n> = {};' },
    { code: 'export const Box = <T extends any>(props: { value: T }) => <p>{String(props.value as any)}</p>;', file: 'box.tsx' },
    { code: 'const text = `${(user as any).name}`;' },
  ],
  good: [
    { code: 'export function first<T>(list: T[]): T | undefined { return list[0]; }' },
    { code: 'const body: unknown = await response.json();' },
    { code: 'const any = 1; export const anything = { any };' },
    { code: '// any type will do\nexport const text = "as any";' },
  ],
};
