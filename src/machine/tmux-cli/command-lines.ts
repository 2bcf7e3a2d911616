import { shellQuoted } from '../shell-quote.ts';
import type { OpenRequest, Pane, PaneRequest } from '../tmux.ts';

/** tmux refuses a call of more than 16,300 bytes ("command too long"); we stay well below. Source: measured, tmux 3.3a. */
const MAX_CALL_BYTES = 12_000;

/** The smallest pane in which a log can be read. */
const PANE_COLUMNS = 60;
const PANE_ROWS = 10;

/**
 * The tmux calls that open these panes: one sequence each, so that `pipe-pane` is there before the first byte (two calls
 * lose the first line in 56 of 60 trials, measured). No `-c`: tmux expands formats in it, and the keeper goes to its folder itself. Each pane reports its service and its keeper's pid on a line.
 */
export function openingCalls(request: OpenRequest, existing: Pane[], keeper: string): string[][] {
  const perWindow = request.layout === 'windows' ? 1 : panesPerWindow(request.size);
  let inWindow = existing.length === 0 ? 0 : perWindow;
  let isFirst = existing.length === 0;
  const groups = request.panes.map((pane) => {
    const run = ['sh', keeper, pane.service];
    const dead = existing.find((candidate) => candidate.service === pane.service && candidate.isDead);
    if (dead) return [['respawn-pane', '-k', '-t', dead.id, ...run], ...equip(pane, dead.id)];
    if (isFirst) {
      isFirst = false;
      inWindow = 1;
      const size = ['-x', String(request.size.columns), '-y', String(request.size.rows)];
      return [['new-session', '-d', '-s', 'devctl', '-n', pane.service, ...size, ...run], ...equip(pane)];
    }
    if (inWindow < perWindow) {
      inWindow += 1;
      return [['split-window', ...run], ...equip(pane), ['select-layout', 'tiled']];
    }
    inWindow = 1;
    return [['new-window', '-n', pane.service, ...run], ...equip(pane)];
  });
  return pack(groups);
}

function panesPerWindow({ columns, rows }: OpenRequest['size']): number {
  return Math.max(1, Math.floor(columns / PANE_COLUMNS)) * Math.max(1, Math.floor(rows / PANE_ROWS));
}

/** The log writer, our name on the pane, and its report; of the current pane where none is named. */
function equip(pane: PaneRequest, id?: string): string[][] {
  const target = id === undefined ? [] : ['-t', id];
  return [
    ['pipe-pane', ...target, `exec cat >>${tmuxText(shellQuoted(pane.logPath))}`],
    ['set-option', '-p', ...target, '@devctl', pane.service],
    ['display-message', '-p', ...target, '#{pid} #{pane_pid} #{@devctl}'],
  ];
}

/** pipe-pane expands formats and strftime sequences in its command. Source: tmux(1), pipe-pane. */
function tmuxText(text: string): string {
  return text.replace(/#/g, '##').replace(/%/g, '%%');
}

/** Joins commands with `;` into as few calls as the limit allows. */
function pack(groups: string[][][]): string[][] {
  const calls: string[][] = [];
  let call: string[] = [];
  let bytes = 0;
  for (const group of groups) {
    const words = group.flatMap((command) => [...command, ';']);
    const size = words.reduce((sum, word) => sum + Buffer.byteLength(word) + 1, 0);
    if (call.length > 0 && bytes + size > MAX_CALL_BYTES) {
      calls.push(call.slice(0, -1));
      call = [];
      bytes = 0;
    }
    call.push(...words);
    bytes += size;
  }
  if (call.length > 0) calls.push(call.slice(0, -1));
  return calls;
}

/** The lines of `display-message` above: server pid, keeper pid, service. */
export function parseReports(stdout: string): { serverPid: number; keeperPid: number; service: string }[] {
  return stdout
    .split('\n')
    .map((line) => /^(\d+) (\d+) (\S+)$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ serverPid: Number(match[1]), keeperPid: Number(match[2]), service: match[3] ?? '' }));
}

export const LIST_PANES = ['list-panes', '-a', '-F', '#{pane_id} #{pane_pid} #{pane_dead} #{pane_tty} #{@devctl}'];

export function parsePanes(stdout: string): Pane[] {
  return stdout
    .split('\n')
    .map((line) => line.split(' '))
    .filter((field) => field[0]?.startsWith('%'))
    .map(([id = '', pid = '', dead, tty = '', service]) => ({
      id,
      pid: Number(pid),
      isDead: dead === '1',
      tty,
      ...(service ? { service } : {}),
    }));
}

/** No server listens there: nothing to do, and no failure. Source: tmux client.c. */
export function isNoServer(stderr: string): boolean {
  return /no server running|error connecting to .*\((?:No such file or directory|Connection refused)\)|no sessions/.test(stderr);
}
