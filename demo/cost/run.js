// Runs a comparison in slices, so that the page stays alive. Starting another ends the one before.

/** Milliseconds that the page may stand still. */
const SLICE = 10;

export class SlicedRun {
  #generation = 0;

  /** Ends what runs; it calls nothing any more. */
  stop() {
    this.#generation++;
  }

  /**
   * @template Progress, Outcome
   * @param {Generator<Progress, Outcome, void>} work
   * @param {(progress: Progress) => void} report
   * @returns {Promise<Outcome | undefined>} undefined if it was ended
   */
  async start(work, report) {
    const generation = ++this.#generation;
    let until = performance.now() + SLICE;
    for (let next = work.next(); ; next = work.next()) {
      if (next.done) return next.value;
      if (performance.now() < until) continue;
      report(next.value);
      await new Promise((resolve) => {
        setTimeout(resolve);
      });
      if (generation !== this.#generation) return undefined;
      until = performance.now() + SLICE;
    }
  }
}
