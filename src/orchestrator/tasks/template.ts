/** `{{tasks.a.result}}` in a prompt. */
const REFERENCE = /\{\{\s*tasks\.([A-Za-z0-9._-]+?)\.result\s*\}\}/g;

/** The tasks whose results a prompt wants. Pure. */
export function referencesIn(prompt: string): string[] {
  return [...prompt.matchAll(REFERENCE)].map((match) => match[1] ?? '');
}

/** The prompt with the results in it. What a result holds is no template itself. Pure. */
export function fillIn(prompt: string, resultOf: (id: string) => string): string {
  return prompt.replace(REFERENCE, (_, id: string) => resultOf(id));
}
