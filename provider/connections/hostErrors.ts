import type { AgentErrorBody, AgentErrorCode } from "../dsc/protocol.ts";
import { UserError } from "../engine/userError.ts";

/** The host answered that it could not do what it was asked. Branch on `code`, never on the text. */
export class HostError extends Error {
  readonly code: AgentErrorCode;
  /** What the host said, with the HRESULT. */
  readonly reason: string;
  readonly hresult: number | undefined;
  /** `[WebSite]Default Web Site`, when a DSC resource failed. */
  readonly resource: string | undefined;
  constructor(body: AgentErrorBody) {
    const where = body.resource === undefined ? "" : `${body.resource}: `;
    const number = body.hresult === undefined ? "" : `, 0x${(body.hresult >>> 0).toString(16).padStart(8, "0")}`;
    const reason = `${body.message.trim().replace(/\.$/, "")} (${body.code}${number})`;
    super(`${where}${reason}`);
    this.reason = reason;
    this.name = "HostError";
    this.code = body.code;
    this.hresult = body.hresult;
    this.resource = body.resource;
  }
}

/** The agent or the connection to it ended while a request was unanswered; whether it was carried out is not known. */
export class ConnectionLost extends UserError {
  constructor(why: string, what = "A request to the Windows host has no answer", options?: ErrorOptions) {
    const next =
      "Check that the host runs and that the network to it is steady, and run the deployment again: it finds what was done.";
    super("HOST_CONNECTION_LOST", { what, why: why.trim().replace(/\.$/, ""), next }, options);
  }

  /** The same, naming what the request was about. */
  about(what: string): ConnectionLost {
    return new ConnectionLost(this.parts.why, what, { cause: this });
  }
}

/** The host did not answer (yet): refused, unreachable, reset, or its name does not resolve. Trying again later can help. */
export class HostUnreachable extends Error {}
