import {
  agentPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createPipelineRequest,
  decompressResponsePolicy,
  isRestError,
  type Pipeline,
  type PipelineRequestOptions,
  type PipelineResponse,
  retryPolicy,
  userAgentPolicy,
} from "@azure/core-rest-pipeline";
import { type RetryRules, retryStrategy } from "./httpRetry.ts";
import { trustingAgent } from "./tlsAgent.ts";

/** What an {@link Http} needs to know of its peer. */
export interface HttpOptions extends RetryRules {
  /** PEM of private CAs to trust beside the system's. */
  caCertificates?: string;
  /** How often a request is sent again at most. Default 6: about ten seconds of trouble. */
  maxRetries?: number;
  /** Adds what is particular to one kind of peer, for example its bearer token. */
  configure?(pipeline: Pipeline): void;
}

/** HTTPS to one kind of peer: kept-alive connections, private trust, a proxy from the environment, bounded retries. */
export interface Http {
  send(request: PipelineRequestOptions): Promise<PipelineResponse>;
  /** Closes idle connections. */
  close(): void;
}

/** No answer of Azure or of a certificate authority takes longer; what does is a dead connection. */
const ANSWER_TIMEOUT_MS = 100_000;

/** Opens an {@link Http}. Nothing is connected before the first request. */
export function openHttp(options: HttpOptions): Http {
  const agent = trustingAgent(options.caCertificates);
  const client = createDefaultHttpClient();
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: "mfakit" }));
  pipeline.addPolicy(decompressResponsePolicy());
  pipeline.addPolicy(agentPolicy(agent));
  const maxRetries = options.maxRetries ?? 6;
  pipeline.addPolicy(retryPolicy([retryStrategy(options)], { maxRetries }), { phase: "Retry" });
  options.configure?.(pipeline);

  return {
    send: (request) => pipeline.sendRequest(client, createPipelineRequest({ timeout: ANSWER_TIMEOUT_MS, ...request })),
    close: () => agent.destroy(),
  };
}

/** Why no answer came and what to do about it; `undefined` when the error is of another kind. */
export function unreachable(error: unknown, trustSetting: string): { why: string; next: string } | undefined {
  if (error instanceof Error && error.name === "AbortError") {
    return { why: `no answer within ${ANSWER_TIMEOUT_MS / 1000} s`, next: "Check the network path and run again." };
  }
  if (!isRestError(error) || error.response) return undefined;
  const code = error.code ?? "";
  if (/CERT|SIGNED|ISSUER|ALTNAME|VERIFY/.test(code)) {
    return {
      why: `its TLS certificate is not trusted (${code}: ${error.message})`,
      next: `If a private CA issued it, add that CA's certificate to ${trustSetting}; never switch the check off.`,
    };
  }
  return {
    why: `no connection (${code || error.message})`,
    next: "Check the address, name resolution, proxy and firewall, then run again.",
  };
}
