import { randomUUID } from "node:crypto";

/** An answer of the simulated Graph that is an error. */
export class GraphRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  toBody(): object {
    const innerError = { date: new Date().toISOString(), "request-id": randomUUID() };
    return { error: { code: this.code, message: this.message, innerError } };
  }
}
