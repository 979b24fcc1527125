import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import * as runtimeSettings from "@pulumi/pulumi/runtime/settings.js";
import type { SettingsInput } from "../../environment/schema.ts";
import { devSecrets, devSettings } from "../support/environment.ts";
import { computedOutputs } from "./computedOutputs.ts";

/** Values of a resource as the SDK sends them; tests know what they look for. */
// biome-ignore lint/suspicious/noExplicitAny: the shape differs by resource type
type Values = Record<string, any>;

/** One registration as the SDK sent it to the engine. */
export interface Registration {
  urn: string;
  type: string;
  name: string;
  parent: string;
  custom: boolean;
  /** Secrets keep their mark. */
  inputs: Values;
  dependencies: string[];
  replaceOnChanges: string[];
  ignoreChanges: string[];
  deletedWith: string;
  replaceWith: string[];
  deleteBeforeReplace: boolean;
  provider: string;
  /** ARM id to adopt; empty: the resource is made. */
  importId: string;
  retainOnDelete: boolean;
}

export interface Graph {
  resources: Registration[];
  /** What was logged, with its severity. */
  log: string[];
  outputs: Values;
  /** Names of the outputs that are secret. */
  secretOutputs: string[];
  /** The secrets that the configuration held. */
  secrets: Record<string, string>;
  /** The one resource of this name. */
  get(name: string): Registration;
  ofType(type: string): Registration[];
}

/** Settings as the stack's configuration. */
export function configurationOf(settings: SettingsInput): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`mfa-server:${name}`, value]));
}

/** Runs a program without an engine and records every registration that it sends. */
export async function recordGraph(
  program: () => unknown,
  options: {
    config?: Record<string, unknown>;
    secrets?: ReturnType<typeof devSecrets>;
    /** What the provider's functions answer, by token. Default: what they were given. */
    functions?: Record<string, object>;
  } = {},
): Promise<Graph> {
  const secrets = Object.fromEntries(
    Object.entries(options.secrets ?? devSecrets()).filter(([, value]) => value !== undefined),
  );
  const config = { ...(options.config ?? configurationOf(devSettings())), ...configurationOf(secrets as never) };
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(config).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
    ),
    Object.keys(secrets).map((name) => `mfa-server:${name}`),
  );
  await pulumi.runtime.setMocks(
    { newResource: created, call: ({ token, inputs }) => options.functions?.[token] ?? inputs },
    "mfa-server",
    "dev",
    false,
  );

  const resources: Registration[] = [];
  const log: string[] = [];
  const restore = [listen(resources), capture(log)];
  let given: Record<string, unknown> = {};
  try {
    await pulumi.runtime.runInPulumiStack(async () => {
      given = (await program()) as Record<string, unknown>;
      return given;
    });
    await settled();
  } finally {
    for (const undo of restore) undo();
  }
  return {
    resources,
    log,
    outputs: await plain(given),
    secretOutputs: await secretNames(given),
    secrets,
    get(name) {
      const found = resources.filter((resource) => resource.name === name);
      if (found.length !== 1) throw new Error(`${found.length} resources are called ${name}`);
      return found[0] as Registration;
    },
    ofType: (type) => resources.filter((resource) => resource.type === type),
  };
}

/** The SDK has a function that waits until every registration was answered, but leaves it out of its type declarations. */
function settled(): Promise<void> {
  return (runtimeSettings as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
}

function plain(values: Record<string, unknown>): Promise<Values> {
  return new Promise((resolve) => {
    pulumi.output(values).apply((known) => resolve(known as Values));
  });
}

async function secretNames(values: Record<string, unknown>): Promise<string[]> {
  const marked = await Promise.all(
    Object.entries(values).map(async ([name, value]) => [name, await pulumi.isSecret(pulumi.output(value))] as const),
  );
  return marked.filter(([, secret]) => secret).map(([name]) => name);
}

function created(args: pulumi.runtime.MockResourceArgs): pulumi.runtime.MockResourceResult {
  const computed = computedOutputs(args.type, args.inputs, (value) => pulumi.secret(value));
  return { id: `${args.name}-id`, state: { ...args.inputs, ...computed } };
}

/** Listens at the one door through which registrations go, so that options show as the engine would see them. */
function listen(resources: Registration[]): () => void {
  const original = MockMonitor.prototype.registerResource;
  MockMonitor.prototype.registerResource = async function (
    this: MockMonitor,
    request: Values,
    callback: (error: unknown, response: Values | undefined) => void,
  ) {
    const answer = (error: unknown, response: Values | undefined) => {
      if (response) resources.push(registration(request, response));
      callback(error, response);
    };
    return original.call(this, request, answer);
  };
  return () => {
    MockMonitor.prototype.registerResource = original;
  };
}

function registration(request: Values, response: Values): Registration {
  return {
    urn: response.getUrn(),
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    custom: request.getCustom(),
    inputs: request.getObject()?.toJavaScript() ?? {},
    dependencies: request.getDependenciesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    ignoreChanges: request.getIgnorechangesList(),
    deletedWith: request.getDeletedwith(),
    replaceWith: request.getReplaceWithList(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    provider: request.getProvider(),
    importId: request.getImportid(),
    retainOnDelete: request.getRetainondelete() ?? false,
  };
}

/** Without an engine the SDK logs to the console. */
function capture(log: string[]): () => void {
  const { warn, error } = console;
  console.warn = (text: unknown) => void log.push(String(text));
  console.error = console.warn;
  return () => Object.assign(console, { warn, error });
}
