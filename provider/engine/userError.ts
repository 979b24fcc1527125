/** The parts of an error that is meant for a person: what happened to what, the likely cause, and what to do next. */
export interface UserErrorParts {
  /** What failed, naming the object or config path. Never contains a secret. */
  what: string;
  /** The likely cause. */
  why: string;
  /** The next action of the reader. */
  next: string;
}

/** An error for people: printed as text, without a stack. `code` is stable, the wording is not. */
export class UserError extends Error {
  readonly code: string;
  readonly parts: UserErrorParts;
  constructor(code: string, parts: UserErrorParts, options?: ErrorOptions) {
    super(`${parts.what}: ${parts.why}. ${parts.next}`, options);
    this.name = "UserError";
    this.code = code;
    this.parts = parts;
  }
}
