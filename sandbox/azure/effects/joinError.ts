/** A refused domain join, with the Win32 error that netsetup.log shows. */
export class JoinError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = "JoinError";
    this.code = code;
  }
}
