/** The policy pack as the engine runs it: a process of its own, spoken to over the analyzer protocol. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import { parse } from "yaml";
import { type PolicySettingsFile, settingsVariable } from "../../policies/settings.ts";
import { Empty, structs } from "../../provider/engine/protocol.ts";
import { cacheDirectory } from "../../scripts/setup/locations.js";
import { shims } from "../../scripts/setup/shims.js";

export type RemediateResponse = InstanceType<typeof messages.RemediateResponse>;
export type AnalyzeResponse = InstanceType<typeof messages.AnalyzeResponse>;
type Call<Request, Response> = (
  request: Request,
  callback: (error: grpc.ServiceError | null, response: Response) => void,
) => grpc.ClientUnaryCall;

/** What a preview sends in place of a text that it cannot know (and takes for any other kind of value, too). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secretSignature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** A value that is marked as a secret on the wire. */
export function secret(value: unknown): object {
  return { ...secretSignature, value };
}

/** A resource as the engine describes it to a pack. */
export interface AnalyzedResource {
  type: string;
  name: string;
  properties: Record<string, unknown>;
  urn: string;
  /** By property, URNs of the resources that its value comes from. */
  sources?: Record<string, string[]>;
}

export interface Diagnostic {
  policy: string;
  message: string;
  urn: string;
  level: "advisory" | "mandatory" | "disabled" | "remediate";
  severity: string;
}

export interface RunningPack {
  policies(): Promise<{ name: string; level: string; description: string; severity: string }[]>;
  configure(config: Record<string, { level?: Diagnostic["level"]; properties?: object }>): Promise<void>;
  analyze(resource: AnalyzedResource): Promise<{ diagnostics: Diagnostic[]; notApplicable: string[] }>;
  analyzeStack(resources: readonly AnalyzedResource[]): Promise<{ diagnostics: Diagnostic[]; notApplicable: string[] }>;
  remediate(resource: AnalyzedResource): Promise<{ policy: string; properties: Record<string, unknown> }[]>;
  /** From the start of the process to its first answer, in milliseconds. */
  readonly startMilliseconds: number;
  readonly pid: number;
  stop(): Promise<void>;
}

export const levels = ["advisory", "mandatory", "disabled", "remediate"] as const;
export const severities = ["", "low", "medium", "high", "critical"];

/** What a pack is started with. */
export interface PackOptions {
  /** Its settings. Default: those that come with it. */
  settings?: PolicySettingsFile;
  /** Its folder. Default: the kit's own pack. */
  directory?: string;
}

/**
 * Starts a pack, by the script by which the engine does it. With POLICY_PACK_IN_PROCESS (the mutation tests) its calls are answered in this process.
 * One whose settings are wrong says so and ends: then this throws what it said.
 */
export async function startPolicyPack({
  settings,
  directory = path.resolve(import.meta.dirname, "../../policies"),
}: PackOptions = {}): Promise<RunningPack> {
  if (process.env.POLICY_PACK_IN_PROCESS !== undefined) {
    return (await import("./policyPackInProcess.ts")).packInProcess(settings);
  }
  const folder = await mkdtemp(path.join(tmpdir(), "mfakit-pack-"));
  const settingsFile = path.join(folder, "config.json");
  if (settings !== undefined) await writeFile(settingsFile, JSON.stringify(settings));
  const options = await optionsOf(directory);
  const began = performance.now();
  const child = spawn("sh", ["-c", analyzer, "sh", "127.0.0.1:0", ".", ...options], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      NODE_COMPILE_CACHE: path.join(cacheDirectory(), "node-compile-cache"),
      ...process.env,
      ...(settings !== undefined && { [settingsVariable]: settingsFile }),
    },
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the pack ended with ${code}:\n${errors}`)));
  }).finally(() => rm(folder, { recursive: true }));
  // As the engine sets it: a stack may be larger than gRPC's default of 4 MB.
  const client = new services.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  const info = () =>
    ask(client.getAnalyzerInfo.bind(client) as Call<object, InstanceType<typeof messages.AnalyzerInfo>>, new Empty());
  await info();
  const startMilliseconds = performance.now() - began;

  return {
    startMilliseconds,
    pid: child.pid ?? 0,
    policies: async () =>
      (await info()).getPoliciesList().map((policy) => ({
        name: policy.getName(),
        level: levels[policy.getEnforcementlevel()] ?? "",
        description: policy.getDescription(),
        severity: severities[policy.getSeverity()] ?? "",
      })),
    async configure(config) {
      const request = new messages.ConfigureAnalyzerRequest();
      for (const [name, { level, properties }] of Object.entries(config)) {
        const entry = new messages.PolicyConfig();
        entry.setEnforcementlevel(levels.indexOf(level ?? "mandatory"));
        entry.setProperties(structOf(properties ?? {}));
        request.getPolicyconfigMap().set(name, entry);
      }
      await ask(client.configure.bind(client) as Call<typeof request, object>, request);
    },
    analyze: async (resource) =>
      answerOf(await ask(client.analyze.bind(client), described(new messages.AnalyzeRequest(), resource))),
    async analyzeStack(resources) {
      return answerOf(await ask(client.analyzeStack.bind(client), describedStack(resources)));
    },
    async remediate(resource) {
      const request = described(new messages.AnalyzeRequest(), resource);
      const answer = await ask(client.remediate.bind(client) as Call<typeof request, RemediateResponse>, request);
      return remediesOf(answer);
    },
    async stop() {
      client.close();
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

const { "pulumi-analyzer-policy": analyzer } = shims;

/** A pack's runtime options as the engine writes them behind the arguments of its analyzer. */
async function optionsOf(directory: string): Promise<string[]> {
  const { runtime } = parse(await readFile(path.join(directory, "PulumiPolicy.yaml"), "utf8"));
  return Object.entries(runtime.options ?? {}).map(([name, value]) => `-${name}=${value}`);
}

/** The request for a whole stack. */
export function describedStack(resources: readonly AnalyzedResource[]) {
  const request = new messages.AnalyzeStackRequest();
  for (const resource of resources) {
    const message = described(new messages.AnalyzerResource(), resource);
    for (const [property, urns] of Object.entries(resource.sources ?? {})) {
      const dependencies = new messages.AnalyzerPropertyDependencies();
      dependencies.setUrnsList(urns);
      message.getPropertydependenciesMap().set(property, dependencies);
    }
    request.addResources(message);
  }
  return request;
}

export function remediesOf(answer: RemediateResponse): { policy: string; properties: Record<string, unknown> }[] {
  return answer.getRemediationsList().map((remediation) => ({
    policy: remediation.getPolicyname(),
    properties: (remediation.getProperties()?.toJavaScript() ?? {}) as Record<string, unknown>,
  }));
}

/** One call that the generated client takes with a callback. */
function ask<Request, Response>(call: Call<Request, Response>, request: Request): Promise<Response> {
  return new Promise((resolve, reject) => call(request, (error, answer) => (error ? reject(error) : resolve(answer))));
}

function structOf(value: object) {
  // Through JSON, as everything that the engine sends: a property that is undefined is not there.
  return structs.Struct.fromJavaScript(JSON.parse(JSON.stringify(value)));
}

type Request = InstanceType<typeof messages.AnalyzeRequest> | InstanceType<typeof messages.AnalyzerResource>;

export function described<R extends Request>(message: R, resource: AnalyzedResource): R {
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(resource.urn);
  message.setProperties(structOf(resource.properties));
  message.setOptions(new messages.AnalyzerResourceOptions());
  return message;
}

export function answerOf(answer: AnalyzeResponse): { diagnostics: Diagnostic[]; notApplicable: string[] } {
  return {
    diagnostics: answer.getDiagnosticsList().map((diagnostic) => ({
      policy: diagnostic.getPolicyname(),
      message: diagnostic.getMessage(),
      urn: diagnostic.getUrn(),
      level: levels[diagnostic.getEnforcementlevel()] ?? "advisory",
      severity: severities[diagnostic.getSeverity()] ?? "",
    })),
    notApplicable: answer.getNotApplicableList().map((entry) => entry.getPolicyName()),
  };
}
