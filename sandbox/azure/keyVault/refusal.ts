/** An answer of Key Vault's data plane that says no. */
export class VaultRefusal extends Error {
  readonly status: number;
  readonly code: string;
  /** The precise code inside. */
  readonly inner: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    code: string,
    message: string,
    more: { inner?: string; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.name = "VaultRefusal";
    this.status = status;
    this.code = code;
    this.inner = more.inner;
    this.headers = more.headers ?? {};
  }

  toBody(): object {
    const { code, message, inner } = this;
    return { error: { code, message, ...(inner !== undefined && { innererror: { code: inner } }) } };
  }
}

export const notFound = (kind: string, name: string): VaultRefusal =>
  new VaultRefusal(
    404,
    `${kind}NotFound`,
    `A certificate with (name/id) ${name} was not found in this key vault. If you recently deleted this certificate you may be able to recover it using the correct recovery command.`,
  );

export const badParameter = (message: string): VaultRefusal => new VaultRefusal(400, "BadParameter", message);
