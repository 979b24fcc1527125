/** An answer of ARM that says no: status, stable code, message, and where in the body. */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;
  readonly target: string | undefined;
  readonly details: readonly ErrorDetail[];
  /** Further headers of the answer, for example `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    code: string,
    message: string,
    more: { target?: string; details?: readonly ErrorDetail[]; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.name = "ArmError";
    this.status = status;
    this.code = code;
    this.target = more.target;
    this.details = more.details ?? [];
    this.headers = more.headers ?? {};
  }

  /** The body of the answer, as `{"error": ...}` of the ARM RPC contract. */
  toBody(): { error: ErrorDetail & { details?: ErrorDetail[] } } {
    return {
      error: {
        code: this.code,
        message: this.message,
        ...(this.target === undefined ? {} : { target: this.target }),
        ...(this.details.length === 0 ? {} : { details: [...this.details] }),
      },
    };
  }
}

export interface ErrorDetail {
  code: string;
  message: string;
  target?: string;
}

export const badRequest = (code: string, message: string, target?: string): ArmError =>
  new ArmError(400, code, message, target === undefined ? {} : { target });

export const invalidParameter = (target: string, message: string): ArmError =>
  badRequest("InvalidParameter", message, target);

export const conflict = (code: string, message: string, target?: string): ArmError =>
  new ArmError(409, code, message, target === undefined ? {} : { target });

export const propertyChangeNotAllowed = (target: string): ArmError =>
  conflict("PropertyChangeNotAllowed", `Changing property '${target}' is not allowed.`, target);

export const resourceNotFound = (type: string, name: string, group: string | undefined): ArmError =>
  new ArmError(
    404,
    "ResourceNotFound",
    `The Resource '${type}/${name}'${group === undefined ? "" : ` under resource group '${group}'`} was not found.`,
  );

export const resourceGroupNotFound = (group: string): ArmError =>
  new ArmError(404, "ResourceGroupNotFound", `Resource group '${group}' could not be found.`);

export const parentNotFound = (type: string, name: string): ArmError =>
  new ArmError(
    404,
    "ParentResourceNotFound",
    `Failed to perform 'write' on resource of type '${type}', because the parent resource '${name}' could not be found.`,
  );

export const preconditionFailed = (id: string): ArmError =>
  new ArmError(
    412,
    "PreconditionFailed",
    `The condition of If-Match or If-None-Match does not hold for '${id}': it was changed, exists, or is gone.`,
  );

export const throttled = (retryAfterSeconds: number): ArmError =>
  new ArmError(429, "TooManyRequests", `The request was throttled. Retry after ${retryAfterSeconds} seconds.`, {
    headers: { "retry-after": String(retryAfterSeconds) },
  });

/** Network resources are locked while an operation runs on them or their parent. */
export const locked = (id: string): ArmError =>
  new ArmError(
    429,
    "RetryableErrorDueToAnotherOperation",
    `Operation on '${id}' could not start because another operation is in progress. Retry later.`,
    { headers: { "retry-after": "1", "retry-after-ms": "50" } },
  );
