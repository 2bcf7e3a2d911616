import { asObject, type InitFacts } from './facts.ts';
import type { JsonFile, JsonPath } from './json-file.ts';

interface Hook {
  event: string;
  name: string;
  matcher?: string;
  /** Seconds. A hook at the end of a session gets 1.5 without it. */
  timeout: number;
}

const HOOKS: readonly Hook[] = [
  { event: 'PreToolUse', name: 'pre-tool-use', matcher: 'Bash', timeout: 5 },
  { event: 'SessionStart', name: 'session-start', timeout: 15 },
  { event: 'SessionEnd', name: 'session-end', timeout: 10 },
];
const LISTS: readonly [JsonPath, string[]][] = [
  [
    ['permissions', 'allow'],
    ['Bash(devctl:*)', 'Bash(npx devctl:*)', 'mcp__devctl'],
  ],
  [
    ['permissions', 'deny'],
    ['Bash(pkill:*)', 'Bash(killall:*)'],
  ],
  [['enabledMcpjsonServers'], ['devctl']],
];

/** A hook of ours, in whatever way devctl is called. */
const OURS = /devctl(?:\.js)?["']? hook /;

/** `|| true`: to Claude Code exit code 2 means "deny", and an older devctl may not know the event. */
function commandOf(name: string, install: InitFacts['install']): string {
  const devctl = install === 'local' ? '"$CLAUDE_PROJECT_DIR"/node_modules/.bin/devctl' : 'devctl';
  return `${devctl} hook ${name} || true`;
}

/** Hooks and permission rules; what is there already stays where it is. */
export function putSettings(json: JsonFile, install: InitFacts['install']): void {
  for (const { event, name, matcher, timeout } of HOOKS) {
    const command = commandOf(name, install);
    const places = placesOf(json, event);
    const [first] = places;
    if (first) {
      if (first.command !== command) json.set([...first.path, 'command'], command);
      continue;
    }
    const group = { ...(matcher === undefined ? {} : { matcher }), hooks: [{ type: 'command', command, timeout }] };
    json.append(['hooks', event], group);
  }
  for (const [path, values] of LISTS) for (const value of values) if (!json.list(path).includes(value)) json.append(path, value);
}

export function takeSettings(json: JsonFile): void {
  for (const { event } of HOOKS) {
    // From the last: the numbers of those before it stay.
    for (const { path } of placesOf(json, event).reverse()) {
      json.remove(path);
      const group = path.slice(0, -2);
      if (json.list([...group, 'hooks']).length === 0) json.remove(group);
    }
    json.dropEmpty(['hooks', event]);
  }
  json.dropEmpty(['hooks']);
  for (const [path, values] of LISTS) {
    for (const value of values) {
      const at = json.list(path).indexOf(value);
      if (at >= 0) json.remove([...path, at]);
    }
    json.dropEmpty(path);
    if (path.length > 1) json.dropEmpty(path.slice(0, 1));
  }
}

function placesOf(json: JsonFile, event: string): { path: JsonPath; command: string }[] {
  return json.list(['hooks', event]).flatMap((group, index) => {
    const hooks = asObject(group)['hooks'];
    return (Array.isArray(hooks) ? hooks : []).flatMap((hook, at) => {
      const command = asObject(hook)['command'];
      return typeof command === 'string' && OURS.test(command) ? [{ path: ['hooks', event, index, 'hooks', at], command }] : [];
    });
  });
}
