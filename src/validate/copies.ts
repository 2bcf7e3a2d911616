import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Files } from '../machine/files.ts';

/** That of a declaration file tells more than its language. */
const ENDING = /(?:\.d)?\.\w+$/;

/** A folder of our own for texts that lie nowhere as they are to be read; made when it is needed. */
export class Copies implements Disposable {
  readonly #files: Files;
  readonly #root: string;
  #count = 0;

  private constructor(files: Files, root: string) {
    this.#files = files;
    this.#root = root;
  }

  /** In a folder for temporary files. */
  static in(files: Files, folder: string): Copies {
    return new Copies(files, join(folder, `devctl-validate-${randomUUID()}`));
  }

  folder(): string {
    this.#count += 1;
    const folder = join(this.#root, String(this.#count));
    this.#files.makeFolder(folder, { isPrivate: true });
    return folder;
  }

  /** Of its name only the ending stays, which tells the language. */
  write(name: string, text: string): string {
    const path = join(this.folder(), `copy${ENDING.exec(name)?.[0].toLowerCase() ?? ''}`);
    this.#files.writePrivate(path, text);
    return path;
  }

  [Symbol.dispose](): void {
    if (this.#count > 0) this.#files.remove(this.#root);
  }
}
