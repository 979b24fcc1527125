/** A failure of the set-up that is meant for people: what is missing or went wrong, and how to get on. */
export class SetupFailure extends Error {
  /**
   * @param {string} what What is missing or went wrong.
   * @param {string} next What the reader does about it.
   */
  constructor(what, next) {
    super(what);
    this.name = "SetupFailure";
    this.next = next;
  }
}
