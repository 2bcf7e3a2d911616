import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Decoys } from '../support/decoys.ts';
import { Enclosure, makeRoot } from '../support/enclosure.ts';
import type { TestMode } from '../support/rig.ts';
import { ZOO } from '../support/zoo.ts';

/** So many trials share the decoys that are dear: the devctl of a neighbour and of another worktree, the user's tmux. */
export const SEASON_TRIALS = 10;

const NEIGHBOURS = ['plain', 'setsid', 'title', 'scrubbed'];

/**
 * A git repository, each trial's project being a worktree of it, and the decoys that many trials share. They are planted in
 * the middle of the first trial: an older process than the run is spared too easily.
 */
export class Season implements AsyncDisposable {
  readonly decoys = new Decoys();
  readonly #base: Enclosure;
  readonly #root = makeRoot();
  #projects = 0;
  #isPlanted = false;

  private constructor(base: Enclosure) {
    this.#base = base;
  }

  static async open(mode: TestMode): Promise<Season> {
    const members = ZOO.filter(({ name }) => NEIGHBOURS.includes(name));
    const season = new Season(await Enclosure.open({ members, mode, slowSeconds: 0 }));
    await season.#base.makeRepository();
    await season.#base.preparePostgres();
    return season;
  }

  async makeProject(): Promise<{ root: string; project: string; data: string }> {
    const root = join(this.#root, String((this.#projects += 1)));
    const project = join(root, 'p');
    mkdirSync(root, { mode: 0o711 });
    await this.#base.makeWorktree(project);
    return { root, project, data: this.#base.place.data };
  }

  /** In the middle of a trial. */
  async plant(trial: Enclosure, young: Decoys): Promise<void> {
    if (this.#projects % 3 === 0) await young.plantRunShell(trial);
    if (this.#isPlanted) return;
    this.#isPlanted = true;
    await this.decoys.plantTmux(this.#base);
    await this.decoys.plantOtherProject(this.#base);
    await this.decoys.plantWorktree(this.#base);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.decoys[Symbol.asyncDispose]();
    await this.#base[Symbol.asyncDispose]();
    rmSync(this.#root, { recursive: true, force: true });
  }
}
