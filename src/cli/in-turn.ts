/**
 * Has things done one after the other, in the order in which they were asked for. One that fails fails alone: those
 * behind it have their turn.
 */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve();

  /** Does something once everything before it is done. */
  do<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
