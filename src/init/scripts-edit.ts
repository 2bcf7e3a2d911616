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
  for (const [name, command] of Object.entries(SCRIPTS)) {
    const isOurs = json.get(['scripts', name]) === command && had?.get(['scripts', name]) === undefined;
    if (isOurs) json.remove(['scripts', name]);
  }
  if (had?.get(['scripts']) === undefined) json.dropEmpty(['scripts']);
}
