import type { Failure, Mishap } from '../failure.ts';
import { unreachable } from '../result.ts';
import { probableSignal } from '../services/exit-file.ts';
import { count, formatSeconds } from './render/units.ts';
import { describeEvidence, hintFixes } from './wording-hints.ts';
import { describeProblem, type Words } from './words.ts';
import { wordOrchestratorFailure } from './wording-orchestrator.ts';
import { describeHolder, describeIncomplete, describeSurvivor, heldFix, portFix, survivorFix } from './wording-holdouts.ts';

const MAX_FIXES = 4;

/** The one place where failures become words. */
export function wordFailure(failure: Failure): Words {
  switch (failure.code) {
    case 'USAGE':
      return { what: failure.what, why: failure.why === undefined ? [] : [failure.why], fix: failure.fix ?? ['devctl --help'] };
    case 'UNKNOWN_SERVICE':
      return {
        what: `There is no service "${failure.name}"`,
        why: [`the Procfile has ${failure.known.join(', ')}`],
        fix: failure.suggestion === undefined ? ['devctl status'] : [`write "${failure.suggestion}"`],
      };
    case 'NO_PROCFILE':
      return {
        what: failure.asked === undefined ? 'There is no Procfile' : `There is no file ${failure.asked}`,
        why: failure.asked === undefined ? [`neither Procfile.dev nor Procfile stands in ${failure.searched} or above it`] : [],
        fix: [failure.asked === undefined ? `echo 'web: COMMAND' > Procfile.dev` : 'devctl start -f FILE'],
      };
    case 'UNREADABLE_FILE':
      return { what: `Cannot read ${failure.path}`, why: [failure.reason], fix: [`ls -ld ${failure.path}`] };
    case 'PROCFILE_INVALID':
      return {
        what: `The Procfile has ${count(failure.problems.length, 'error')}`,
        why: failure.problems.flatMap(describeProblem),
        fix: ['devctl check'],
      };
    case 'CONFIG_INVALID':
      return {
        what: `devctl.yml has ${count(failure.problems.length, 'error')}`,
        why: failure.problems.flatMap(describeProblem),
        fix: failure.fix ?? ['devctl check'],
      };
    case 'FILE_INVALID':
      return {
        what: `${[...new Set(failure.problems.map(({ place }) => place.file))].join(', ')} cannot be changed`,
        why: failure.problems.flatMap(describeProblem),
        fix: ['mend it, then type the same again'],
      };
    case 'PORT_HELD':
      return {
        what:
          failure.isTaken || failure.service === undefined
            ? `Port ${String(failure.holder.port)} could not be taken`
            : `Cannot start "${failure.service}": port ${String(failure.holder.port)} is taken`,
        why: [...(failure.notes ?? []), describeHolder(failure.holder)],
        fix: portFix(failure),
      };
    case 'START_FAILED':
      return {
        what: failure.mishaps.map((one) => `"${one.service}" ${describeMishap(one.mishap)}`).join('; '),
        why: [...(failure.notes ?? []), ...failure.mishaps.flatMap(describeEvidence)],
        fix: [
          ...failure.mishaps.flatMap(hintFixes),
          ...(failure.rolledBack ? ['devctl start --keep   leave everything up for a look'] : []),
          ...failure.mishaps.slice(0, 1).map((one) => `devctl logs ${one.service}${failure.rolledBack ? '' : '; devctl stop'}`),
        ],
      };
    case 'WAIT_IN_VAIN':
    case 'WAIT_TIMED_OUT': {
      const [first] = failure.mishaps;
      const isStopped = first?.mishap.kind === 'not-started';
      return {
        what: failure.mishaps.map((one) => `"${one.service}" ${describeMishap(one.mishap)}`).join('; '),
        why: failure.mishaps.flatMap((one) => (one.mishap.kind === 'not-started' ? [] : describeEvidence(one))),
        fix: [
          ...failure.mishaps.flatMap(hintFixes),
          ...(first ? [`devctl ${isStopped ? 'start' : 'logs'} ${first.service}`] : ['devctl status']),
        ].slice(0, MAX_FIXES),
      };
    }
    case 'STOPPED_BY_OTHER':
      return {
        what: 'The start was ended before the services were up',
        why: [`${failure.by} stopped the services meanwhile`],
        fix: ['devctl status'],
      };
    case 'SURVIVORS':
      return {
        what: describeIncomplete(failure.survivors.length, failure.held, failure.others?.length ?? 0),
        why: [
          ...failure.survivors.map(describeSurvivor),
          ...failure.held.map(describeHolder),
          ...(failure.others ?? []).map(wordFailure).map((words) => [words.what, ...words.why].join(': ')),
        ],
        fix: [
          ...new Set([
            ...failure.survivors.map(survivorFix),
            ...failure.held.flatMap(heldFix),
            ...(failure.others ?? []).flatMap((other) => wordFailure(other).fix),
          ]),
        ].slice(0, MAX_FIXES),
      };
    case 'NOT_RUNNING':
      return { what: 'Nothing is running', why: [`no process of ${failure.root} is alive`], fix: ['devctl start'] };
    case 'BUSY':
      return {
        what: `Another devctl is at work in ${failure.folder ?? 'this project'}`,
        why: [
          failure.holder
            ? `"${failure.holder.command}" (pid ${String(failure.holder.pid)}) has held the lock for ${formatSeconds(failure.holder.seconds)}`
            : 'it runs in another pid namespace, and cannot be seen from here',
        ],
        fix: [
          ...(failure.folder === undefined ? ['devctl status'] : []),
          failure.holder ? `kill ${String(failure.holder.pid)}   end it, if it hangs` : `rm ${failure.lock}   if it is gone`,
        ],
      };
    case 'CONFLICT':
      return {
        what: `The project is up with ${failure.running}; ${failure.asked} was asked for`,
        why: [],
        fix: [`leave out ${failure.flag}`, 'devctl stop   first'],
      };
    case 'NEEDS_TERMINAL':
      return {
        what: `"${failure.command}" needs a terminal`,
        why: ['standard input or output is not one'],
        fix: [failure.instead],
      };
    case 'TMUX_MISSING':
      return {
        what: `"${failure.command}" needs tmux`,
        why: ['no program tmux is on the PATH'],
        fix: ['apt install tmux, or brew install tmux'],
      };
    case 'TMUX_FAILED':
      return {
        what: `tmux could not ${failure.action}`,
        why: [failure.reason, `socket ${failure.socket}`],
        fix: ['devctl stop', 'devctl start --mode direct   without tmux'],
      };
    case 'OTHER_NAMESPACE':
      return {
        what: 'Cannot see the services from this sandbox',
        why: [`they were started in another pid namespace (project ${failure.root})`],
        fix: ['the MCP tools of devctl, whose server runs outside', 'run devctl outside the sandbox'],
      };
    case 'SANDBOXED':
      return {
        what: 'Cannot start services from this sandbox',
        why: ['the first process here is bwrap: everything ends as soon as the command does'],
        fix: [
          'the MCP tool "start" of devctl, whose server runs outside',
          '"sandbox": { "excludedCommands": ["devctl:*"] }   in .claude/settings.json, then "devctl start" alone',
        ],
      };
    case 'NOT_CONFIRMED':
      return {
        what: `Not confirmed: ${failure.action}`,
        why: [failure.isAsked ? 'the answer was no; nothing was done' : 'there is no terminal to ask on'],
        fix: [`add ${failure.flag}`],
      };
    case 'SYSTEM':
      return {
        what: `Cannot ${failure.action}${failure.path === undefined ? '' : ` ${failure.path}`}`,
        why: [`${failure.reason} (${failure.errno})`],
        fix: systemFix(failure.errno, failure.path),
      };
    case 'NO_COMMAND':
      return { what: `Cannot run "${failure.command}"`, why: [failure.reason], fix: ['devctl run COMMAND'] };
    case 'TOOL_FAILED':
      return { what: `${failure.tool} did not do its work`, why: [failure.reason], fix: [`${failure.tool} --version`] };
    case 'NO_PACKAGE':
      return {
        what: `devctl validate needs ${failure.packages.map(({ name }) => name).join(' and ')}`,
        why: failure.packages.map(({ name, reason }) => `${name}: ${reason}`),
        fix: [failure.install],
      };
    case 'RULES_INVALID':
      return {
        what: `The project’s own rules have ${count(failure.problems.length, 'error')}`,
        why: failure.problems.flatMap(describeProblem),
        fix: ['devctl validate --list'],
      };
    case 'TASKS_INVALID':
    case 'JOURNAL_UNREADABLE':
    case 'HALTED':
    case 'NO_REDIS':
    case 'UNFINISHED_RUN':
      return wordOrchestratorFailure(failure);
    case 'NO_CLAUDE':
      return {
        what: 'There is no Claude Code here',
        why: failure.why,
        fix: ['curl -fsSL https://claude.ai/install.sh | bash', 'npm install -g @anthropic-ai/claude-code'],
      };
    default:
      return unreachable(failure);
  }
}

export function describeMishap(mishap: Mishap): string {
  switch (mishap.kind) {
    case 'ended': {
      const signal = probableSignal(mishap.code);
      const how =
        signal === undefined ? `with code ${String(mishap.code)}` : `with code ${String(mishap.code)} (probably SIG${signal})`;
      return `ended ${how} after ${formatSeconds(mishap.seconds)}${mishap.code === 0 ? '; a service that should stay may not end (or declare oneShot: true)' : ''}`;
    }
    case 'not-ready':
      return `was not ready after ${formatSeconds(mishap.seconds)}: still waiting for ${mishap.waitedFor}`;
    case 'crashed-inside':
      return `crashed, and its watcher lives on: ${mishap.sign}`;
    case 'blocked':
      return `was never started: it waited for ${mishap.by}`;
    case 'not-started':
      return 'is not running';
    case 'still-running':
      return `still runs after ${formatSeconds(mishap.seconds)}`;
    case 'no-line':
      return `has written no line that matches /${mishap.pattern}/ in ${formatSeconds(mishap.seconds)}`;
  }
}

function systemFix(errno: string, path: string | undefined): string[] {
  const where = path ?? '.';
  switch (errno) {
    case 'ENOSPC':
      return [`df -h ${where}   the disk is full`];
    case 'EROFS':
      return ['set logs.dir in devctl.yml to a folder that can be written'];
    case 'EACCES':
    case 'EPERM':
      return [`ls -ld ${where}   and give yourself the right to write there`];
    case 'ETOOL':
      return ['devctl doctor'];
    default:
      return [`ls -ld ${where}`];
  }
}
