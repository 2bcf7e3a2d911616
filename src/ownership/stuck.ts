import type { ProcessInfo, ProcessTable } from '../machine/processes.ts';
import { devctlWords } from '../project/devctl-words.ts';
import type { Owned } from './owned.ts';
import { programOf } from './programs.ts';
import { hasReaper } from './suspect.ts';

/** A Claude Code process, with the reasons why it counts as stuck, or as at work. */
export interface AgentProcess {
  process: ProcessInfo;
  kind: 'stuck' | 'at-work';
  evidence: string[];
}

export interface StuckView {
  table: ProcessTable;
  argvOf: (pid: number) => string[];
  uid: number;
  uidOf: (pid: number) => number | undefined;
  /** devctl and its ancestors. */
  spared: ReadonlySet<number>;
  /** Whether it, or anything below it, has used the CPU or read or written more than an idle one does. */
  isMoving: (process: ProcessInfo) => boolean;
  /** Seconds since its session was last written to; of one whose session is not known, since it was born. */
  quietSeconds: (process: ProcessInfo) => number;
  /** After so long. */
  minQuietSeconds: number;
  /** Run by Claude Code's own background service, which ends them itself (`claude stop`). */
  isBackground: (process: ProcessInfo) => boolean;
  /** The service manager's unit that runs it on purpose. */
  unitOf: (process: ProcessInfo) => string | undefined;
}

/** Parts of Claude Code's own service, and servers of its: they have no terminal on purpose. Source: measured, 2.1.329. */
const SERVICE_WORDS = /^(?:daemon|bg-pty-host|bg-spare|mcp)$/;
const SERVICE_FLAGS = /^--bg-(?:pty-host|spare)$/;

/** By argv[0], for Claude Code runs its own program as `rg`; on Node its title hides everything behind it. */
export function isClaude(argv: string[]): boolean {
  const [file = '', ...words] = argv;
  const name = programOf(argv);
  if (/^claude(?:\.exe)?$/.test(name) || /\/claude\/versions\/\d[\d.]*$/.test(file)) return !isService(words);
  const at = words.findIndex((word) => !word.startsWith('-'));
  const isItsScript = /\/claude-code\/cli\.js$|\/bin\/claude$/.test(words[at] ?? '');
  return /^node(?:js)?$/.test(name) && isItsScript && !isService(words.slice(at + 1));
}

function isService(words: string[]): boolean {
  const at = words.findIndex((word) => !word.startsWith('-'));
  const isPrompt = /^(?:-p|--print)$/.test(words[at - 1] ?? '');
  return (SERVICE_WORDS.test(words[at] ?? '') && !isPrompt) || words.some((word) => SERVICE_FLAGS.test(word));
}

/** Every Claude Code of this user that nobody is in front of, and which of them are stuck. Pure. */
export function findStuck(view: StuckView): AgentProcess[] {
  return view.table.all.filter((process) => isCandidate(process, view)).map((process) => judge(process, view));
}

function isCandidate(process: ProcessInfo, { argvOf, uid, uidOf, spared, isBackground }: StuckView): boolean {
  const { pid, state } = process;
  if (pid <= 1 || state === 'Z' || state === 'X' || spared.has(pid) || uidOf(pid) !== uid) return false;
  return process.mark === undefined && isClaude(argvOf(pid)) && !isBackground(process);
}

function judge(process: ProcessInfo, view: StuckView): AgentProcess {
  const unit = view.unitOf(process);
  const signs = [
    { holds: isOrphaned(process, view), is: 'orphaned', isNot: 'somebody runs it' },
    ...(unit === undefined ? [] : [{ holds: false, is: '', isNot: `run by ${unit}` }]),
    { holds: process.tty === 0, is: 'no terminal', isNot: 'has a terminal' },
    { holds: view.quietSeconds(process) >= view.minQuietSeconds, is: 'a quiet session', isNot: 'its session was written to' },
    { holds: !view.isMoving(process), is: 'no progress', isNot: 'shows progress' },
  ];
  const against = signs.filter(({ holds }) => !holds).map(({ isNot }) => isNot);
  return against.length === 0
    ? { process, kind: 'stuck', evidence: signs.map(({ is }) => is) }
    : { process, kind: 'at-work', evidence: against };
}

/** Nobody waits for it; where `devctl claude` runs it, nobody waits for that. */
function isOrphaned(process: ProcessInfo, { table, argvOf }: StuckView): boolean {
  let top = process;
  for (
    let parent = table.byPid.get(top.ppid);
    parent && devctlWords(argvOf(parent.pid))?.includes('claude') === true;
    parent = table.byPid.get(top.ppid)
  )
    top = parent;
  return hasReaper(top, table);
}

/** One that was chosen to be ended, as one of the engine's. */
export function admitStuck({ process, evidence }: AgentProcess): Owned {
  return { process, role: 'service', class: 'named', service: undefined, evidence };
}
