import type { AcmeConnection } from "../configuration.ts";
import type { ChallengeSolver, IssuedChain, OrderJournal } from "./acmeOrder.ts";
import type { AcmeOrdering } from "./acmeOrdering.ts";
import { askRenewalWindow, type RenewalWindow, renewalInfoId, renewalInfoUrl } from "./acmeRenewalInfo.ts";
import { OrderCheckpoints, orderFolder } from "./orderCheckpoint.ts";
import { trustingAgent } from "./tlsAgent.ts";

export type { ChallengeSolver, ChallengeValues } from "./acmeOrder.ts";
export type { RenewalWindow } from "./acmeRenewalInfo.ts";

/** How a caller accompanies a long call. */
export interface AcmeOptions {
  signal?: AbortSignal;
  progress?(message: string): void;
}

/** A certificate wanted from the authority. */
export interface CertificateOrder {
  /** Names in ASCII; the CSR holds the same ones. */
  dnsNames: string[];
  /** PEM; needed only when the names are proven, so that the key can be made meanwhile. */
  csr: Promise<string>;
  /** PEM of the account's key; unused when the connection brings one. Default: the key of this process, made at first use. */
  accountKeyPem?: string;
  /** PEM of the certificate that this one replaces; told to an authority with renewal information (RFC 9773, 5). */
  replaces?: string;
  /** See {@link import("./acmeOrder.ts").OrderRequest}. */
  profile?: string;
  preferredChain?: string;
  /** URL of an order for the same names that an interrupted process placed. */
  resumes?: string;
  /** Further names at which earlier runs may have left a challenge. */
  abandoned?: string[];
  journal?: OrderJournal;
}

/** Why a certificate is revoked, in the words of RFC 5280, 5.3.1. */
export type RevocationReason =
  | "unspecified"
  | "keyCompromise"
  | "affiliationChanged"
  | "superseded"
  | "cessationOfOperation";

/** Who revokes, and why. */
export interface Revocation {
  /** PEM of the key of the account that ordered; unused when the connection brings one. */
  accountKeyPem: string | undefined;
  reason: RevocationReason;
}

/** A certificate, and the account that got it. */
export interface IssuedCertificate extends IssuedChain {
  /** Secret PEM, to be handed in with the next order. `undefined` when the connection's own key was used. */
  accountKeyPem: string | undefined;
}

/**
 * The account at one ACME certificate authority (RFC 8555). The account is registered at first use, with the terms agreed; the
 * same key always finds the same account again.
 */
export interface AcmeAccount {
  readonly directoryUrl: string;
  /** What must survive the death of this process while an order is under way. */
  readonly checkpoints: OrderCheckpoints;
  /** Orders a certificate, answers the challenges with `solver` and cleans up after it, whatever happens. */
  issue(order: CertificateOrder, solver: ChallengeSolver, options?: AcmeOptions): Promise<IssuedCertificate>;
  /** Begins to read the authority's directory, which {@link renewalWindow} needs first; a failure shows there. */
  prepare(): void;
  /**
   * When the authority wants the certificate replaced. `undefined` when it offers no renewal information, does not know the
   * certificate, or cannot be reached: the caller then decides by the lifetime. Asked once for each certificate and process, so
   * that a plan and its execution see the same.
   */
  renewalWindow(certificatePem: string, options?: AcmeOptions): Promise<RenewalWindow | undefined>;
  /** Revokes; a certificate that is revoked already, or unknown to the authority, is fine. */
  revoke(certificatePem: string, by: Revocation, options?: AcmeOptions): Promise<void>;
  close(): Promise<void>;
}

/** A look at the renewal window must not hold up a preview. */
const RENEWAL_INFO_PATIENCE_MS = 5_000;

/** Opens the account. Nothing is sent, and no library loaded, before the first call. `folder`: where open orders are recorded. */
export async function openAcme(connection: AcmeConnection, folder = orderFolder()): Promise<AcmeAccount> {
  const { directoryUrl } = connection;
  const agent = trustingAgent(connection.caCertificates);
  const checkpoints = new OrderCheckpoints(folder);
  const engine = process.ppid;
  const windows = new Map<string, Promise<RenewalWindow | undefined>>();
  let ordering: Promise<AcmeOrdering> | undefined;
  let infoUrl: Promise<string | undefined> | undefined;

  const prepare = (): Promise<string | undefined> => {
    infoUrl ??= renewalInfoUrl(directoryUrl, agent, AbortSignal.timeout(RENEWAL_INFO_PATIENCE_MS)).catch(
      () => undefined,
    );
    return infoUrl;
  };
  const orders = (): Promise<AcmeOrdering> => {
    ordering ??= import("./acmeOrdering.ts").then(({ openOrdering }) => openOrdering(connection));
    return ordering;
  };
  const renewalWindow = async (certificatePem: string, signal: AbortSignal | undefined) => {
    const id = renewalInfoId(certificatePem);
    if (!id) return undefined;
    let window = windows.get(id);
    if (!window) {
      const patience = AbortSignal.timeout(RENEWAL_INFO_PATIENCE_MS);
      const either = signal ? AbortSignal.any([signal, patience]) : patience;
      window = prepare()
        .then((url) => (url === undefined ? undefined : askRenewalWindow(url, id, agent, either)))
        .catch(() => undefined);
      windows.set(id, window);
    }
    return window;
  };

  return {
    directoryUrl,
    checkpoints,
    prepare: () => void prepare(),
    issue: async ({ replaces, ...order }, solver, options = {}) => {
      // Only an authority that still knows the predecessor can make use of the hint.
      const isKnown = replaces !== undefined && (await renewalWindow(replaces, options.signal)) !== undefined;
      const replacesId = isKnown ? renewalInfoId(replaces) : undefined;
      return (await orders()).issue({ ...order, replacesId }, solver, options);
    },
    renewalWindow: (certificatePem, options = {}) => renewalWindow(certificatePem, options.signal),
    revoke: async (certificatePem, by, options = {}) => (await orders()).revoke(certificatePem, by, options),
    close: async () => {
      agent.destroy();
      ordering?.then((open) => open.close()).catch(() => undefined);
      // Whoever loses its parent gets another one.
      await checkpoints.close(process.ppid === engine);
    },
  };
}
