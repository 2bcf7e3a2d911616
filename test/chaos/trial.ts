import { Decoys } from '../support/decoys.ts';
import { tellAll, Enclosure, isKeeper, type Survivor } from '../support/enclosure.ts';
import { livesOn, readProcess, send } from '../support/process-tree.ts';
import type { Warded } from '../support/ward.ts';
import { ZOO } from '../support/zoo.ts';
import type { Part, Plan, Step } from './plan.ts';
import type { Season } from './season.ts';

export interface Outcome {
  plan: Plan;
  signals: number;
  survivors: number;
  decoysLost: number;
  stopMs: number;
  /** What went wrong; empty after a good trial. */
  failures: string[];
}

/** No command of devctl takes longer, whatever happens to the others. */
const DEADLINE_MS = 20_000;

/** Runs a plan, then one `devctl stop`, and asks the wards who lives. */
export async function runTrial(plan: Plan, season: Season): Promise<Outcome> {
  const members = plan.members.flatMap((name) => ZOO.filter((member) => member.name === name));
  const home = await season.makeProject();
  await using enclosure = await Enclosure.open({
    ...home,
    members,
    mode: plan.mode,
    slowSeconds: 0.25,
    settingsOfAll: `grace: 400ms, restart: ${plan.restart}`,
  });
  await using young = new Decoys();
  const outcome: Outcome = { plan, signals: 0, survivors: 0, decoysLost: 0, stopMs: 0, failures: [] };
  const suspended = new Set<number>();

  for (const step of plan.steps) {
    await new Promise((resolve) => setTimeout(resolve, step.afterMs));
    if (step.do === 'devctl') await enclosure.begin(step.words);
    else if (step.do === 'plant') await plant(enclosure, young, season);
    else outcome.signals += strike(enclosure, step, suspended);
  }
  outcome.failures.push(...(await endCommands(enclosure, plan, suspended)));
  if (plan.killKeepers)
    outcome.signals += strike(enclosure, { do: 'signal', signal: 'SIGKILL', part: 'keeper', count: 1e6, where: 0 }, suspended);

  await stopAndJudge(enclosure, [young, season.decoys], outcome);
  return outcome;
}

async function plant(enclosure: Enclosure, young: Decoys, season: Season): Promise<void> {
  await young.plantYoung(enclosure);
  await season.plant(enclosure, young);
}

/** Those who live now, in a fixed order. */
function partsOf(enclosure: Enclosure, part: Part): { pid: number; start: number }[] {
  if (part === 'devctl') {
    const running = enclosure.commands.filter(({ code }) => code === undefined);
    return running.map(({ pid }) => readProcess(pid)).filter((seen) => seen !== undefined);
  }
  const partOf = ({ comm, command }: Survivor): Part => {
    if (comm.startsWith('tmux')) return 'tmux';
    return isKeeper(command) ? 'keeper' : 'service';
  };
  return enclosure.living().filter((seen) => partOf(seen) === part);
}

function strike(enclosure: Enclosure, step: Omit<Step & { do: 'signal' }, 'afterMs'>, suspended: Set<number>): number {
  const living = partsOf(enclosure, step.part);
  const first = Math.floor(step.where * living.length);
  const victims = [...living.slice(first), ...living.slice(0, first)].slice(0, step.count).filter(livesOn);
  for (const victim of victims) {
    send(step.signal, victim);
    if (step.part === 'devctl' && step.signal === 'SIGSTOP') suspended.add(victim.pid);
  }
  return victims.length;
}

/** As a person would: no command of theirs runs on when they say `stop`. A suspended one would hold the lock for ever. */
async function endCommands({ commands }: Enclosure, plan: Plan, suspended: Set<number>): Promise<string[]> {
  const isRunning = ({ code }: Warded) => code === undefined;
  for (const { pid, words } of commands.filter(isRunning)) {
    const seen = readProcess(pid);
    if (!seen) continue;
    if (plan.running === 'kill' || (suspended.has(pid) && plan.suspended === 'kill')) send('SIGKILL', seen);
    else if (words.includes('--foreground')) send('SIGTERM', seen);
    if (suspended.has(pid)) send('SIGCONT', seen);
  }
  const deadline = Date.now() + DEADLINE_MS;
  const failures: string[] = [];
  for (const command of commands) {
    while (isRunning(command) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    if (isRunning(command)) {
      failures.push(`devctl ${command.words.slice(2).join(' ')} did not end`);
      const seen = readProcess(command.pid);
      if (seen) send('SIGKILL', seen);
    } else if (command.code === 70 || /\n\s+at .*\(/.test(command.stderr)) {
      failures.push(`devctl ${command.words.slice(2).join(' ')} has a bug: ${command.stderr}`);
    }
  }
  return failures;
}

async function stopAndJudge(enclosure: Enclosure, decoys: Decoys[], outcome: Outcome): Promise<void> {
  const began = Date.now();
  try {
    const stop = await enclosure.stop('stop', DEADLINE_MS);
    if (stop.code !== 0) outcome.failures.push(`stop ended with ${String(stop.code)}: ${stop.stdout}${stop.stderr}`);
  } catch (error) {
    outcome.failures.push((error as Error).message);
  }
  outcome.stopMs = Date.now() - began;
  const survivors = enclosure.living();
  const held = await enclosure.heldPorts();
  const lost = decoys.flatMap((one) => one.lost());
  outcome.survivors = survivors.length;
  outcome.decoysLost = lost.length;
  if (survivors.length > 0) outcome.failures.push(`survivors:\n${tellAll(survivors)}`);
  if (lost.length > 0) outcome.failures.push(`decoys lost: ${lost.join(', ')}`);
  if (held.length > 0) outcome.failures.push(`ports still held: ${held.join(', ')}`);
  if (outcome.failures.length > 0) outcome.failures.push(enclosure.commands.map(retell).join('\n'));
}

function retell({ words, code, stdout, stderr }: Warded): string {
  return `$ ${words.slice(1).join(' ')}\n${stdout}${stderr}-> ${String(code)}`;
}
