import type { JsonFile } from './json-file.ts';

const SCRIPTS: Record<string, string> = {
  dev: 'devctl start',
  'dev:stop': 'devctl stop',
  'dev:restart': 'devctl restart',
  'dev:status': 'devctl status',
  'dev:logs': 'devctl logs',
};

/** The npm scripts that are free: one of the project's stays as it is. */
export function putScripts(json: JsonFile): void {
  for (const [name, command] of Object.entries(SCRIPTS))
    if (json.get(['scripts', name]) === undefined) json.set(['scripts', name], command);
}

export function takeScripts(json: JsonFile, had: JsonFile | undefined): void {
  const ours = Object.entries(SCRIPTS).filter(
    ([name, command]) => json.get(['scripts', name]) === command && had?.get(['scripts', name]) === undefined,
  );
  for (const [name] of ours) json.remove(['scripts', name]);
  if (ours.length > 0 && had?.get(['scripts']) === undefined) json.dropEmpty(['scripts']);
}
