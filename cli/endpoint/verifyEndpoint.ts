import { type CheckResult, runChecks } from "../verify/check.ts";
import { dnsChecks } from "./dnsChecks.ts";
import type { Endpoint } from "./endpoint.ts";
import { httpChecks } from "./httpChecks.ts";
import { revocationChecks } from "./revocationChecks.ts";
import { tlsChecks } from "./tlsChecks.ts";

/** Proves the public endpoint by public surfaces alone: DNS, TLS, HTTP and what the certificate points to. */
export function verifyEndpoint(endpoint: Endpoint): Promise<CheckResult[]> {
  return runChecks([...dnsChecks, ...tlsChecks, ...revocationChecks, ...httpChecks], endpoint);
}
