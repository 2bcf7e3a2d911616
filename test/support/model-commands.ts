import fc from 'fast-check';
import { expect } from 'vitest';
import { NAMES, type Life, type Lives, type Name, type Real } from './model-real.ts';
import { waitFor } from './wait-for.ts';

/** What a person who has seen every step would say is there. */
export class Model {
  lives: Lives = { web: 'down', worker: 'down' };
  isPortForeign = false;
  hasServer = false;
  /** Something was started, and no stop has said since that all is well. */
  isOpen = false;

  get isAllUp(): boolean {
    return NAMES.every((name) => this.lives[name] === 'up');
  }
}

interface Status {
  verdict: string;
  services: { name: Name; state: string; processes: number }[];
}

/** status against /proc, service by service; and nobody's process but ours has been touched. */
async function expectTruth(model: Model, real: Real): Promise<void> {
  expect(real.deadBystanders()).toEqual([]);
  expect(real.lives()).toEqual(model.lives);
  const agrees = async () => {
    const { verdict, services } = await real.rig.json<Status>('status');
    const wrong = NAMES.filter((name) => {
      const { state, processes } = services.find((service) => service.name === name) ?? { state: 'stopped', processes: 0 };
      const isSaidUp = ['ready', 'running'].includes(state);
      return isSaidUp !== (model.lives[name] === 'up') || processes > 0 !== (model.lives[name] !== 'down');
    });
    const isVerdictTrue =
      (verdict === 'healthy') === model.isAllUp && (verdict !== 'stopped' || NAMES.every((name) => model.lives[name] === 'down'));
    said = JSON.stringify({ verdict, services, wrong });
    return wrong.length === 0 && isVerdictTrue;
  };
  let said = '';
  // A keeper writes down an exit in a few milliseconds.
  await waitFor('status to agree with /proc', agrees, 5000).catch((error: unknown) => {
    throw new Error(`${String(error)}: /proc ${JSON.stringify(model.lives)}, status ${said}\n${real.rig.history}`);
  });
}

type Command = fc.AsyncCommand<Model, Real>;

function command(name: string, check: (model: Model) => boolean, run: (model: Model, real: Real) => Promise<void>): Command {
  return {
    check,
    toString: () => name,
    run: async (model, real) => {
      await run(model, real);
      await expectTruth(model, real);
    },
  };
}

/** Takes over what a strike left, where more than one outcome is right. */
async function adopt(model: Model, real: Real, name: Name, allowed: Life[]): Promise<void> {
  await waitFor(`${name} to be ${allowed.join(' or ')}`, () => allowed.includes(real.lives()[name]), 5000);
  model.lives[name] = real.lives()[name];
}

async function bringUp(model: Model, real: Real, words: string): Promise<void> {
  const worker = real.main('worker');
  const kept = model.lives.worker === 'up' ? worker : undefined;
  const { code, stderr } = await real.devctl(words);
  if (model.isPortForeign) {
    expect(code, `${words}: the port is a stranger's\n${stderr}`).toBe(4);
    expect(real.main('worker'), `${words} was refused, and touches nothing`).toBe(worker);
    return;
  }
  expect(code, `${words}\n${stderr}`).toBe(0);
  if (words === 'start' && kept !== undefined) expect(real.main('worker'), 'start leaves alone what is up').toBe(kept);
  model.lives = { web: 'up', worker: 'up' };
  model.hasServer = real.mode === 'tmux';
  model.isOpen = true;
}

const start = command(
  'start',
  () => true,
  (model, real) => bringUp(model, real, 'start'),
);

const restart = command(
  'restart',
  () => true,
  (model, real) => bringUp(model, real, 'restart'),
);

const stop = command(
  'stop',
  () => true,
  async (model, real) => {
    const { code, stderr } = await real.devctl('stop');
    expect(real.processes(), real.rig.history).toEqual([]);
    // Our port is not free: not "stopped", and whoever has it is named.
    if (model.isPortForeign && (model.isOpen || code !== 0)) {
      expect(code, real.rig.history).toBe(1);
      expect(stderr).toContain(`pid ${String(real.foreigner)}`);
    } else expect(code, real.rig.history).toBe(0);
    model.lives = { web: 'down', worker: 'down' };
    model.hasServer = false;
    model.isOpen = false;
    expect((await real.devctl('status')).code).toBe(3);
  },
);

const crash = (name: Name) =>
  command(
    `crash of ${name}`,
    (model) => model.lives[name] === 'up',
    async (model, real) => {
      await real.strike(real.main(name));
      await adopt(model, real, name, [name === 'web' ? 'down' : 'partial']);
    },
  );

const killKeeper = (name: Name) =>
  command(
    `kill -9 of the keeper of ${name}`,
    (model) => model.lives[name] === 'up',
    async (model, real) => {
      await real.strike(real.keeper(name));
      // A pane's session hangs up with its leader.
      await adopt(model, real, name, [real.mode === 'tmux' ? 'down' : 'partial']);
    },
  );

const killServer = command(
  'kill -9 of the tmux server',
  (model) => model.hasServer,
  async (model, real) => {
    await real.strike(real.tmuxServer());
    model.hasServer = false;
    for (const name of NAMES) await adopt(model, real, name, model.lives[name] === 'partial' ? ['partial', 'down'] : ['down']);
  },
);

const foreignTakesPort = command(
  'a stranger takes the port',
  (model) => model.lives.web === 'down' && !model.isPortForeign,
  async (model, real) => {
    await real.takePort();
    model.isPortForeign = true;
  },
);

const foreignLeaves = command(
  'the stranger leaves',
  (model) => model.isPortForeign,
  async (model, real) => {
    await real.leavePort();
    model.isPortForeign = false;
  },
);

/** The last word of every run. */
export async function expectCleanStop(real: Real): Promise<void> {
  if (real.foreigner !== undefined) await real.leavePort();
  await stop.run(new Model(), real);
}

/** Starts stand twice, as most of the rest needs something that runs. */
export const commands = [
  start,
  start,
  stop,
  restart,
  ...NAMES.map(crash),
  ...NAMES.map(killKeeper),
  killServer,
  foreignTakesPort,
  foreignLeaves,
].map((one) => fc.constant(one));
