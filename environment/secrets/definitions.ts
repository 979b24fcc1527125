import { accountKeyFault, hostKeyFault, sshKeyFault } from "./keys.ts";
import { administratorPasswordFault, passwordFault, serviceAccountPasswordFault } from "./passwords.ts";

/** One secret of an environment; each is a configuration key of its own. */
export interface SecretDefinition {
  description: string;
  accepted: string;
  required: "always" | "never" | "with azure.clientId";
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
} as const satisfies Record<string, SecretDefinition>;

export type SecretName = keyof typeof secretDefinitions;
type OptionalSecret = "azureClientSecret" | "serviceAccountPassword" | "acmeAccountKey";

/** The secrets of an environment, each in the form `S`. */
export type Secrets<S> = { [Name in Exclude<SecretName, OptionalSecret>]: S } & { [Name in OptionalSecret]?: S };
