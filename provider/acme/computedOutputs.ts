/** What every certificate of the kit offers, ordered or given: the engine learns each from the provider. */
export const computedOutputs = {
  certificatePem: undefined,
  chainPem: undefined,
  privateKeyPem: undefined,
  pfxBase64: undefined,
  pfxPassword: undefined,
  thumbprint: undefined,
  serialNumber: undefined,
  issuer: undefined,
  notBefore: undefined,
  notAfter: undefined,
  renewAfter: undefined,
  renewalBy: undefined,
  history: undefined,
} as const;

/** Those of {@link computedOutputs} that are secret in state. */
export const secretOutputs: (keyof typeof computedOutputs)[] = ["privateKeyPem", "pfxBase64", "pfxPassword"];
