import { setTimeout as sleep } from "node:timers/promises";
import type { Authorization, Client, Order } from "acme-client";
import { UserError } from "../engine/userError.ts";
import { embeddedProblem } from "./acmeProblem.ts";
import { type AcmeCall, AcmeRefusal } from "./acmeTransport.ts";

/** The TXT values that must be visible at one DNS name at the same time: two for a wildcard together with its apex. */
export interface ChallengeValues {
  /** Fully qualified, without a final dot: `_acme-challenge.mfa.contoso.com`. */
  name: string;
  values: string[];
}

/** Answers DNS-01 challenges (RFC 8555, 8.4). */
export interface ChallengeSolver {
  /** Publishes the values and returns when every server that the authority may ask shows them. */
  present(challenges: ChallengeValues[]): Promise<void>;
  /** Removes what this and earlier, interrupted runs left at these names. Must not fail the order. */
  cleanUp(names: string[]): Promise<void>;
}

/**
 * Told of each step after which the death of this process would lose something; the next step waits for it. The order's own key is
 * the business of whoever makes the CSR.
 */
export interface OrderJournal {
  /** The key of the account that orders, when the kit made it. */
  account(accountKeyPem: string): Promise<void>;
  placed(orderUrl: string): Promise<void>;
}

/** What to ask for. */
export interface OrderRequest {
  dnsNames: string[];
  /** PEM; needed only when the names are proven, so that the key can be made meanwhile. */
  csr: Promise<string>;
  /** Renewal information id of the certificate that is replaced. */
  replacesId?: string;
  /** One of the profiles in the authority's directory. Default: the authority's own choice. */
  profile?: string;
  /** Common name of an issuer in the chain that is wanted when the authority offers several. Default: the authority's first. */
  preferredChain?: string;
  /** An order that an earlier process placed for the same names, and the same CSR's key. */
  resumes?: string;
  /** Further names at which earlier runs may have left something. */
  abandoned?: string[];
  journal?: OrderJournal;
}

/** The finished certificate. */
export interface IssuedChain {
  /** PEM of the leaf. */
  certificatePem: string;
  /** PEM of the issuers, the leaf's issuer first. */
  chainPem: string;
}

interface FulfilOptions {
  signal?: AbortSignal;
  progress?(message: string): void;
}

type Call = <T>(run: () => Promise<T>) => Promise<AcmeCall<T>>;

/** A public authority needs seconds; a private one with an approval step may need minutes. */
const PATIENCE_MS = 5 * 60_000;

/** Places an order and takes it to its certificate (RFC 8555, 7.4). The solver's records are removed in every case. */
export async function fulfilOrder(
  client: Client,
  call: Call,
  request: OrderRequest,
  solver: ChallengeSolver,
  options: FulfilOptions,
): Promise<IssuedChain> {
  const order = await provenOrder(client, call, request, solver, options);
  options.progress?.("waiting for the certificate");
  const valid = await finished(client, call, order, request, options);
  if (valid.status !== "valid") throw new AcmeRefusal(embeddedProblem(valid.error));
  const { result: chain } = await call(() => client.getCertificate(valid, request.preferredChain));
  return splitChain(chain);
}

/** An order whose names are proven: the one that an earlier process left, or a new one. */
async function provenOrder(
  client: Client,
  call: Call,
  request: OrderRequest,
  solver: ChallengeSolver,
  options: FulfilOptions,
): Promise<Order> {
  let resumed: Order | undefined;
  try {
    if (request.resumes !== undefined) {
      options.progress?.("looking for the order of an interrupted run");
      resumed = await openOrder(client, call, request.resumes);
    }
    if (resumed) {
      try {
        return await proven(client, call, resumed, solver, options);
      } catch (error) {
        // The authority may have looked while the records of the interrupted run were gone: such an order is spent.
        if (!(error instanceof AcmeRefusal) || error.problem.kind === "rateLimited") throw error;
      }
    }
    options.progress?.("placing the order");
    const order = await newOrder(client, call, request);
    await request.journal?.placed(order.url);
    return await proven(client, call, order, solver, options);
  } finally {
    // Also what an interrupted run left is removed, even when this order needed no challenge.
    await solver.cleanUp([...new Set([...challengeNames(request.dnsNames), ...(request.abandoned ?? [])])]);
  }
}

/** The order as it is now; `undefined` when the authority will not issue by it any more. */
async function openOrder(client: Client, call: Call, url: string): Promise<Order | undefined> {
  try {
    const { result: order } = await call(() => client.getOrder({ url } as Order));
    return order.status === "invalid" ? undefined : order;
  } catch (error) {
    // Forgotten by the authority, or another account's.
    if (error instanceof AcmeRefusal && error.problem.status >= 400 && error.problem.status < 429) return undefined;
    throw error;
  }
}

async function proven(
  client: Client,
  call: Call,
  order: Order,
  solver: ChallengeSolver,
  options: FulfilOptions,
): Promise<Order> {
  if (order.status === "pending") await authorise(client, call, order, solver, options);
  return order;
}

/** Asks for the certificate, unless an earlier process did, and waits until the order is settled. */
async function finished(
  client: Client,
  call: Call,
  order: Order,
  request: OrderRequest,
  options: FulfilOptions,
): Promise<Order> {
  const look = () => client.getOrder(order);
  if (order.status === "valid") return order;
  if (order.status !== "processing") {
    const csr = await request.csr;
    const answer = await finalize(client, call, order, csr);
    if (answer && isSettledOrder(answer)) return answer;
    // An authority may need a moment to see that all names are proven (RFC 8555, 7.4).
    const seen = answer ?? (await settled(call, look, (one) => one.status !== "pending", options));
    if (seen.status === "ready") await finalize(client, call, seen, csr);
  }
  return settled(call, look, isSettledOrder, options);
}

/** Every name at which challenges for these certificate names are answered, each once. */
export function challengeNames(dnsNames: string[]): string[] {
  return [...new Set(dnsNames.map(challengeName))];
}

/** `*.example.com` and `example.com` are both proven at `_acme-challenge.example.com`. */
function challengeName(dnsName: string): string {
  return `_acme-challenge.${dnsName.replace(/^\*\./, "")}`;
}

async function newOrder(client: Client, call: Call, request: OrderRequest): Promise<Order> {
  const identifiers = request.dnsNames.map((value) => ({ type: "dns", value }));
  const wish = { identifiers, ...(request.profile === undefined ? {} : { profile: request.profile }) };
  const plain = () => client.createOrder(wish);
  if (!request.replacesId) return (await call(plain)).result;
  const replacing = { ...wish, replaces: request.replacesId };
  try {
    return (await call(() => client.createOrder(replacing))).result;
  } catch (error) {
    // The predecessor was replaced already, or by another account: an order without the hint is still right (RFC 9773, 5).
    if (error instanceof AcmeRefusal && error.problem.kind !== "rateLimited") return (await call(plain)).result;
    throw error;
  }
}

/** The order after it was finalized; `undefined` when it was not ready for that: its status will tell why. */
async function finalize(client: Client, call: Call, order: Order, csr: string): Promise<Order | undefined> {
  try {
    return (await call(() => client.finalizeOrder(order, csr))).result;
  } catch (error) {
    // Not ready yet, or the answer to an earlier try was lost and the order is being processed already.
    if (error instanceof AcmeRefusal && error.problem.kind === "orderNotReady") return undefined;
    throw error;
  }
}

async function authorise(
  client: Client,
  call: Call,
  order: Order,
  solver: ChallengeSolver,
  options: FulfilOptions,
): Promise<void> {
  const { result: authorizations } = await call(() => client.getAuthorizations(order));
  const pending = authorizations.filter((authorization) => authorization.status !== "valid");
  if (pending.length === 0) return;
  const challenges = await Promise.all(pending.map((authorization) => dnsChallenge(client, call, authorization)));

  const byName = Map.groupBy(challenges, (challenge) => challengeName(challenge.dnsName));
  options.progress?.(`publishing ${challenges.length} challenge record(s)`);
  await solver.present([...byName].map(([name, list]) => ({ name, values: list.map((challenge) => challenge.value) })));

  options.progress?.("asking the certificate authority to look");
  await Promise.all(challenges.map(({ challenge }) => begin(client, call, challenge)));
  const urls = pending.map((authorization) => authorization.url);
  const settle = () => client.getAuthorizations({ ...order, authorizations: urls });
  const seen = await settled(call, settle, (list) => list.every((one) => one.status !== "pending"), options);
  const refused = seen.filter((authorization) => authorization.status !== "valid");
  if (refused.length > 0) throw new AcmeRefusal(refusal(refused));
}

async function begin(client: Client, call: Call, challenge: Authorization["challenges"][number]): Promise<void> {
  try {
    await call(() => client.completeChallenge(challenge));
  } catch (error) {
    // The answer to an earlier try was lost, and the challenge is no longer pending: the authorization will tell how it went.
    if (!(error instanceof AcmeRefusal) || error.problem.kind !== "malformed") throw error;
  }
}

async function dnsChallenge(client: Client, call: Call, authorization: Authorization) {
  const dnsName = authorization.identifier.value;
  const challenge = authorization.challenges.find((one) => one.type === "dns-01");
  if (!challenge) {
    const offered = authorization.challenges.map((one) => one.type).join(", ") || "none";
    throw new UserError("ACME_NO_DNS_CHALLENGE", {
      what: `Proving control of ${dnsName}`,
      why: `the certificate authority offers no DNS-01 challenge (offered: ${offered})`,
      next: "Use an authority that does: the kit opens no port 80 for the others.",
    });
  }
  const { result: value } = await call(() => client.getChallengeKeyAuthorization(challenge));
  return { dnsName, challenge, value };
}

/** Gathers the reasons of all refused names, because a person wants to mend them in one go. */
function refusal(refused: Authorization[]): ReturnType<typeof embeddedProblem> {
  const problems = refused.map((authorization) => {
    const failed = authorization.challenges.find((challenge) => challenge.error);
    return { name: authorization.identifier.value, problem: embeddedProblem(failed?.error) };
  });
  const [first] = problems;
  const detail = problems.map(({ name, problem }) => `${name}: ${problem.detail || "no explanation"}`).join("; ");
  return { ...(first as NonNullable<typeof first>).problem, detail };
}

function isSettledOrder(order: Order): boolean {
  return order.status === "valid" || order.status === "invalid";
}

/** Asks until the answer is final: soon at first, then more slowly, and never sooner than the authority wants. */
async function settled<T>(
  call: Call,
  ask: () => Promise<T>,
  isFinal: (answer: T) => boolean,
  options: FulfilOptions,
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let wait = 40; ; wait = Math.min(5_000, wait * 1.6)) {
    const { result, retryAfterMs } = await call(ask);
    if (isFinal(result)) return result;
    if (Date.now() > deadline) {
      throw new UserError("ACME_TIMEOUT", {
        what: "The certificate authority",
        why: `no decision within ${PATIENCE_MS / 60_000} minutes`,
        next: "Look at the authority's status page and run again.",
      });
    }
    // Orders that were placed together shall not ask together for ever.
    const pause = wait * (0.75 + Math.random() / 2);
    await sleep(Math.max(pause, Math.min(retryAfterMs ?? 0, 60_000)), undefined, { signal: options.signal });
  }
}

function splitChain(pem: string): IssuedChain {
  const [leaf, ...issuers] = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (!leaf) throw new AcmeRefusal({ status: 0, kind: "unknown", detail: "the answer holds no certificate" });
  return { certificatePem: `${leaf}\n`, chainPem: issuers.map((issuer) => `${issuer}\n`).join("") };
}
