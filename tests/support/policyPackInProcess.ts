/**
 * The pack without a process of its own: the policy SDK's handlers of the analyzer protocol, given the same messages. Mutation tests switch
 * a mutant on in their own process, so the pack has to run there.
 */
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import * as server from "@pulumi/policy/server.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import { policyOf } from "../../policies/policy.ts";
import { rules } from "../../policies/rules.ts";
import {
  loadPolicySettings,
  PolicySettingsError,
  type PolicySettingsFile,
  policySettings,
} from "../../policies/settings.ts";
import { checkSettings } from "../../policies/settingsCheck.ts";
import {
  type AnalyzeResponse,
  answerOf,
  described,
  describedStack,
  type RemediateResponse,
  type RunningPack,
  remediesOf,
} from "./policyPack.ts";

type Policy = ResourceValidationPolicy & StackValidationPolicy;
type Config = Parameters<RunningPack["configure"]>[0];
type Handler<Response> = (
  call: { request: unknown },
  callback: (error: Error | null, answer: Response) => void,
) => void;
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun, makeRemediateRpcFun } = server as unknown as Record<
  "makeAnalyzeRpcFun" | "makeAnalyzeStackRpcFun" | "makeRemediateRpcFun",
  <Response>(name: string, version: string, level: string, policies: readonly Policy[]) => Handler<Response>
>;

export function packInProcess(file?: PolicySettingsFile): RunningPack {
  const { problems } = checkSettings(file ?? {}, rules);
  if (problems.length > 0) throw new PolicySettingsError("config.json", problems);
  const settings = file === undefined ? loadPolicySettings() : policySettings(file);
  const { rulesUnderTest } = globalThis as { rulesUnderTest?: readonly string[] };
  const served = rules
    .filter(({ id }) => rulesUnderTest?.includes(id) ?? true)
    .map((rule) => policyOf(rule, settings) as Policy);
  let policies = served;
  const ask = <Response>(make: typeof makeAnalyzeRpcFun, request: unknown) =>
    new Promise<Response>((resolve, reject) =>
      make<Response>(
        "mfa-server-prerequisites",
        "0.1.0",
        "advisory",
        policies,
      )({ request }, (error, answer) => (error ? reject(error) : resolve(answer))),
    );
  return {
    startMilliseconds: 0,
    pid: process.pid,
    policies: async () =>
      served.map(({ name, enforcementLevel, description, severity }) => ({
        name,
        level: enforcementLevel ?? "",
        description,
        severity: severity ?? "",
      })),
    async configure(config) {
      policies = served.map((policy) => configured(policy, config));
    },
    analyze: async (resource) =>
      answerOf(await ask<AnalyzeResponse>(makeAnalyzeRpcFun, described(new messages.AnalyzeRequest(), resource))),
    analyzeStack: async (resources) =>
      answerOf(await ask<AnalyzeResponse>(makeAnalyzeStackRpcFun, describedStack(resources))),
    remediate: async (resource) =>
      remediesOf(await ask<RemediateResponse>(makeRemediateRpcFun, described(new messages.AnalyzeRequest(), resource))),
    stop: async () => undefined,
  };
}

/** What the SDK does with the engine's configuration: a level, and what `getConfig` answers. */
function configured(policy: Policy, config: Config): Policy {
  const own = config[policy.name];
  if (own === undefined) return policy;
  const { validateResource, validateStack, remediateResource } = policy as Policy & {
    validateResource?: (...args: never[]) => void;
  };
  const given = (args: object) => ({ ...args, getConfig: () => own.properties ?? {} }) as never;
  return {
    ...policy,
    enforcementLevel: own.level ?? "mandatory",
    ...(validateResource && { validateResource: (args, report) => validateResource(given(args), report as never) }),
    ...(validateStack && { validateStack: (args, report) => validateStack(given(args), report) }),
    ...(remediateResource && { remediateResource: (args) => remediateResource(given(args)) }),
  } as Policy;
}
