// The user's own files where a build writes: kept while it is run again and again, and put back as
// they were.

import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { filesIn, siblings } from "./files.js";

/** To another file system if need be. @param {string} from @param {string} to */
export function move(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
    cpSync(from, to, { preserveTimestamps: true, verbatimSymlinks: true });
    rmSync(from);
  }
}

const PLACE = "place.json"; // where they came from

/** Tells whether a file is still the same. @param {string} path */
function mark(path) {
  const { ino, size, mtimeMs, ctimeMs } = statSync(path);
  return [ino, size, mtimeMs, ctimeMs].join();
}

export class Originals {
  #folder;
  #output;
  #kept;
  #isOurs;
  /** @type {string[]} */
  #names = [];
  /** What lies in place and was not built. @type {Map<string, string>} */
  #copies = new Map();

  /**
   * @param {string} output path of the program
   * @param {string} kept a folder that is not there yet
   */
  constructor(output, kept) {
    this.#folder = dirname(output);
    this.#output = basename(output);
    this.#kept = kept;
    this.#isOurs = siblings(output);
  }

  /** Takes away what a build would write over. */
  keep() {
    mkdirSync(this.#kept);
    writeFileSync(join(this.#kept, PLACE), JSON.stringify(this.#folder));
    for (const name of this.#present()) {
      move(join(this.#folder, name), join(this.#kept, name));
      this.#names.push(name);
    }
  }

  #present() {
    return filesIn(this.#folder).filter(this.#isOurs);
  }

  #clear() {
    for (const name of this.#present()) rmSync(join(this.#folder, name));
    this.#copies.clear();
  }

  /**
   * Makes a build system think that the program is missing. What else lies beside it may be
   * somebody's own work: a page, a script of the same name. So that stays, as a copy.
   * @param {{all?: boolean}} [options] `all`: takes that away too
   */
  stage({ all = false } = {}) {
    this.#clear();
    if (all) return;
    for (const name of this.#names) {
      if (name === this.#output) continue;
      const [kept, copy] = [join(this.#kept, name), join(this.#folder, name)];
      if (!existsSync(kept)) continue; // a link to nowhere
      const { atime, mtime } = statSync(kept);
      copyFileSync(kept, copy);
      utimesSync(copy, atime, mtime);
      this.#copies.set(name, mark(copy));
    }
  }

  /** Names of the files that have been built since. */
  built() {
    return this.#present().filter(
      (name) => this.#copies.get(name) !== mark(join(this.#folder, name)),
    );
  }

  /** Puts everything back. */
  restore() {
    this.#clear();
    for (const name of this.#names) move(join(this.#kept, name), join(this.#folder, name));
  }
}

/**
 * Puts back what a run that was killed has kept, but for what is there again.
 * @param {string} kept
 * @returns {string | undefined} the folder, if something was missing there
 */
export function rescue(kept) {
  if (!existsSync(join(kept, PLACE))) return undefined;
  const folder = JSON.parse(readFileSync(join(kept, PLACE), "utf8"));
  const missing = filesIn(kept).filter(
    (name) => name !== PLACE && !existsSync(join(folder, name)) && existsSync(folder),
  );
  for (const name of missing) move(join(kept, name), join(folder, name));
  return missing.length > 0 ? folder : undefined;
}
