import type { AgentErrorCode } from "../../../provider/dsc/protocol.ts";
import { WindowsError } from "../windowsError.ts";

/** An error as the agent answers it. */
export class AgentFailure extends Error {
  readonly code: AgentErrorCode;
  readonly hresult: number | undefined;
  readonly resource: string | undefined;
  constructor(
    code: AgentErrorCode,
    message: string,
    details: { hresult?: number | undefined; resource?: string } = {},
  ) {
    super(message);
    this.name = "AgentFailure";
    this.code = code;
    this.hresult = details.hresult;
    this.resource = details.resource;
  }
}

/** Runs a step; what Windows refuses in it becomes an answer with the step's code, unless the error brings its own. */
export async function withCode<T>(
  code: AgentErrorCode,
  resource: string | undefined,
  step: () => Promise<T> | T,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof WindowsError)) throw error;
    throw new AgentFailure(error.code ?? code, error.message, {
      hresult: error.hresult,
      ...(resource === undefined ? {} : { resource }),
    });
  }
}
