import type { AgentErrorCode } from "../../provider/dsc/protocol.ts";

/** HRESULTs that Windows answers with and the kit may act upon; see the Windows error code reference. */
export const hresults = {
  fileNotFound: 0x80070002,
  pathNotFound: 0x80070003,
  accessDenied: 0x80070005,
  sectionLocked: 0x80070021,
  invalidArgument: 0x80070057,
  alreadyExists: 0x800700b7,
  badExecutable: 0x800700c1,
  noSuchLogonSession: 0x80070520,
  wrongPassword: 0x80070056,
  certificateExpired: 0x800b0101,
  noSuchService: 0x80070424,
  installFailure: 0x80070643,
  invalidOperation: 0x80131509,
  identityNotMapped: 0x80131501,
} as const;

/** A failure inside the simulated Windows. `code` is set where the agent protocol names one; otherwise the caller's step decides. */
export class WindowsError extends Error {
  readonly code: AgentErrorCode | undefined;
  readonly hresult: number | undefined;
  constructor(message: string, options: { hresult?: keyof typeof hresults; code?: AgentErrorCode } = {}) {
    super(message);
    this.name = "WindowsError";
    this.code = options.code;
    // Windows PowerShell shows HRESULTs as signed 32-bit numbers.
    this.hresult = options.hresult === undefined ? undefined : hresults[options.hresult] | 0;
  }
}
