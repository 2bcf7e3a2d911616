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

/** A hook that runs ours, in whatever way somebody has written it. */
const runsOurs = (command: string, name: string): boolean => new RegExp(`devctl(?:\\.js)?["']? hook ${name}\\b`).test(command);

/** `|| true`: to Claude Code exit code 2 means "deny", and an older devctl may not know the event. */
function commandOf(name: string, install: InitFacts['install']): string {
  const devctl = install === 'local' ? '"$CLAUDE_PROJECT_DIR"/node_modules/.bin/devctl' : 'devctl';
  return `${devctl} hook ${name} || true`;
}

/** As init itself writes it, here or in another installation. */
const isWritten = (command: string, name: string): boolean =>
  command === commandOf(name, 'local') || command === commandOf(name, 'global');

/** Hooks and permission rules; what is there already stays where it is. */
export function putSettings(json: JsonFile, install: InitFacts['install']): void {
  for (const { event, name, matcher, timeout } of HOOKS) {
    const command = commandOf(name, install);
    const there = hooksOf(json, event).filter((hook) => runsOurs(hook.command, name));
    const [first] = there;
    if (first) {
      if (first.command !== command && isWritten(first.command, name)) json.set([...first.path, 'command'], command);
      continue;
    }
    const group = { ...(matcher === undefined ? {} : { matcher }), hooks: [{ type: 'command', command, timeout }] };
    json.append(['hooks', event], group);
  }
  for (const [path, values] of LISTS) for (const value of values) if (!json.list(path).includes(value)) json.append(path, value);
}

/** Takes out what init wrote, but for what `had` had before; and what has become empty by that. */
export function takeSettings(json: JsonFile, had: JsonFile | undefined): void {
  const dropNew = (path: JsonPath) => {
    if (had?.get(path) === undefined) json.dropEmpty(path);
  };
  for (const { event, name } of HOOKS) {
    if (had && hooksOf(had, event).some(({ command }) => isWritten(command, name))) continue;
    const ours = hooksOf(json, event).filter(({ command }) => isWritten(command, name));
    // From the last: the numbers of those before it stay.
    for (const { path } of ours.reverse()) {
      json.remove(path);
      const group = path.slice(0, -2);
      if (json.list([...group, 'hooks']).length === 0) json.remove(group);
    }
    if (ours.length === 0) continue;
    dropNew(['hooks', event]);
    dropNew(['hooks']);
  }
  for (const [path, values] of LISTS) {
    const ours = values.filter((value) => json.list(path).includes(value) && had?.list(path).includes(value) !== true);
    for (const value of ours) json.remove([...path, json.list(path).indexOf(value)]);
    if (ours.length === 0) continue;
    dropNew(path);
    if (path.length > 1) dropNew(path.slice(0, 1));
  }
}

function hooksOf(json: JsonFile, event: string): { path: JsonPath; command: string }[] {
  return json.list(['hooks', event]).flatMap((group, index) => {
    const hooks = asObject(group)['hooks'];
    return (Array.isArray(hooks) ? hooks : []).flatMap((hook, at) => {
      const command = asObject(hook)['command'];
      return typeof command === 'string' ? [{ path: ['hooks', event, index, 'hooks', at], command }] : [];
    });
  });
}
