import type { PartialSettings } from "../rules.ts";
import { accountKeyFault, certificateKeyFault, hostKeyFault, pfxFault, sharedKeyFault, sshKeyFault } from "./keys.ts";
import { administratorPasswordFault, passwordFault, serviceAccountPasswordFault } from "./passwords.ts";

/** Settings that make a secret necessary, and without which it has no meaning. */
export const secretConditions = {
  "with azure.clientId": {
    isMet: ({ azure }: PartialSettings) => azure?.clientId !== undefined,
    met: "azure.clientId names an application",
    unmet: "azure.clientId names no application",
  },
  "with certificate.externalAccountKeyId": {
    isMet: ({ certificate }: PartialSettings) => certificate?.externalAccountKeyId !== undefined,
    met: "certificate.externalAccountKeyId names a key",
    unmet: "certificate.externalAccountKeyId names no key",
  },
  "with certificate.dnsUpdate": {
    isMet: ({ certificate }: PartialSettings) => certificate?.dnsUpdate !== undefined,
    met: "certificate.dnsUpdate names a server",
    unmet: "certificate.dnsUpdate names no server",
  },
} as const;

/** One secret of an environment; each is a configuration key of its own. */
export interface SecretDefinition {
  description: string;
  accepted: string;
  required: "always" | "never" | keyof typeof secretConditions;
  /** A file is piped in, because it has several lines. */
  fromFile?: string;
  /** What is wrong with a value, in words that do not tell it. */
  fault(value: string): string | undefined;
}

export const secretDefinitions = {
  adminPassword: {
    description: "Password of the host's first local administrator.",
    accepted:
      "12 to 72 characters with three of: lower case, upper case, digits, other characters; none of the well-known passwords",
    required: "always",
    fault: administratorPasswordFault,
  },
  domainJoinPassword: {
    description: "Password of `domain.joinUser`.",
    accepted: "one line, not empty",
    required: "always",
    fault: passwordFault,
  },
  directoryPassword: {
    description: "Password of `directory.bindUser`.",
    accepted: "one line, not empty",
    required: "always",
    fault: passwordFault,
  },
  managementPrivateKey: {
    description:
      "Private SSH key that logs in to the host as `host.management.user`; its public half is put on the host.",
    accepted: "a private key in OpenSSH form without a passphrase (ssh-keygen -t ed25519 -N '')",
    required: "always",
    fromFile: "management_key",
    fault: sshKeyFault,
  },
  hostPrivateKey: {
    description: "SSH key that the host shows; it is put on the host, and only its public half is accepted.",
    accepted: "a private ed25519 key in OpenSSH form without a passphrase (ssh-keygen -t ed25519 -N '')",
    required: "always",
    fromFile: "host_key",
    fault: hostKeyFault,
  },
  azureClientSecret: {
    description: "Secret of the application `azure.clientId`.",
    accepted: "one line, not empty",
    required: "with azure.clientId",
    fault: passwordFault,
  },
  serviceAccountPassword: {
    description: "Password of `directory.serviceAccount`. Default: generated.",
    accepted:
      "12 to 127 characters with three of: lower case, upper case, digits, other characters; none of & < > \" '",
    required: "never",
    fault: serviceAccountPasswordFault,
  },
  acmeAccountKey: {
    description:
      "Account key at the certificate authority, to keep one account over several environments. Default: made by the kit.",
    accepted: "a private key in PEM form: RSA of 2048 bits or more, P-256 or P-384",
    required: "never",
    fromFile: "account.pem",
    fault: accountKeyFault,
  },
  acmeFormerAccountKey: {
    description:
      "The account's key until now: the account is moved to `acmeAccountKey` at the next order. Remove it afterwards.",
    accepted: "a private key in PEM form: RSA of 2048 bits or more, P-256 or P-384",
    required: "never",
    fromFile: "former-account.pem",
    fault: accountKeyFault,
  },
  acmeExternalAccountKey: {
    description: "Secret of the external account binding, as the certificate authority gives it.",
    accepted: "Base64 (URL form) of 16 bytes or more",
    required: "with certificate.externalAccountKeyId",
    fault: sharedKeyFault,
  },
  dnsUpdateKey: {
    description: "Secret of the TSIG key `certificate.dnsUpdate.keyName`.",
    accepted: "Base64 of 16 bytes or more, as in the key's `secret` on the server",
    required: "with certificate.dnsUpdate",
    fault: sharedKeyFault,
  },
  certificatePfx: {
    description: "With `certificate.source: provided`: the certificate, its chain and its key in a PFX.",
    accepted: "Base64 of a PFX file on one line (base64 -w0 mfa.pfx)",
    required: "never",
    fault: pfxFault,
  },
  certificatePfxPassword: {
    description: "Password of `certificatePfx`. Default: none.",
    accepted: "one line, not empty",
    required: "never",
    fault: passwordFault,
  },
  certificatePrivateKey: {
    description:
      "With `certificate.source: provided` and `certificate.certificateFile`: the certificate's private key.",
    accepted: "a private key in PEM form without a passphrase",
    required: "never",
    fromFile: "mfa.key",
    fault: certificateKeyFault,
  },
} as const satisfies Record<string, SecretDefinition>;

export type SecretName = keyof typeof secretDefinitions;
type OptionalSecret =
  | "azureClientSecret"
  | "serviceAccountPassword"
  | "acmeAccountKey"
  | "acmeFormerAccountKey"
  | "acmeExternalAccountKey"
  | "dnsUpdateKey"
  | "certificatePfx"
  | "certificatePfxPassword"
  | "certificatePrivateKey";

/** The secrets of an environment, each in the form `S`. */
export type Secrets<S> = { [Name in Exclude<SecretName, OptionalSecret>]: S } & { [Name in OptionalSecret]?: S };
