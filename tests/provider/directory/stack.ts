/**
 * Drives the directory's resource types as the engine does: check, diff, create or update, read, delete, through the handlers that
 * the engine calls. Everything but gRPC and the program is real.
 */

import { z } from "zod";
import type { DirectoryConnection } from "../../../provider/configuration.ts";
import type { Connections } from "../../../provider/connections/connections.ts";
import { type Directory, openDirectory } from "../../../provider/connections/ldap.ts";
import * as definitions from "../../../provider/directory/definition.ts";
import type { CallContext, DiffResult } from "../../../provider/engine/handlers.ts";
import { type ResourceProvider, resourceHandlers } from "../../../provider/engine/resources.ts";
import { unwrapSecrets } from "../../../provider/engine/secrets.ts";
import { hasUnknown, type Properties } from "../../../provider/engine/values.ts";

type TypeName = "DomainJoin" | "Group" | "User" | "Membership" | "OrganizationalUnit";

interface State {
  id: string;
  inputs: Properties;
  outputs: Properties;
}

/** What the engine would show for one resource. */
export interface Planned {
  action: "create" | "update" | "replace" | "same";
  /** The paths that change; empty for a create. */
  changes: string[];
  /** Outputs of the preview; unknown ones are the `UNKNOWN` symbol. */
  outputs: Record<string, unknown>;
}

/** One provider process: its connection is opened at the first use and shared by all its resources. */
export class DirectoryStack {
  readonly #connections: Connections;
  readonly #handlers: ReturnType<typeof resourceHandlers<object, Connections>>;
  #directory: Promise<Directory> | undefined;
  /** Lasting warnings of all resources. */
  readonly warnings: string[] = [];

  constructor(connection: DirectoryConnection, now: () => Date = () => new Date()) {
    const missing = () => Promise.reject(new Error("the directory needs no other connection"));
    this.#connections = {
      directory: () => {
        this.#directory ??= openDirectory(connection);
        return this.#directory;
      },
      arm: missing,
      graph: missing,
      keyVault: missing,
      acme: missing,
      host: missing,
      configuration: { directory: connection },
      close: async () => (await this.#directory)?.close(),
    };
    const provider: ResourceProvider<object, Connections> = {
      name: "mfakit",
      version: "0.0.0",
      description: "The directory alone.",
      configuration: z.strictObject({}),
      modules: { directory: async () => Object.values(definitions) },
      connect: () => this.#connections,
      now,
    };
    this.#handlers = resourceHandlers(provider);
  }

  resource(type: TypeName, name: string): DirectoryResource {
    return new DirectoryResource(this.#handlers, this.#context(), type, name);
  }

  #context(): CallContext<Connections> {
    return {
      session: this.#connections,
      signal: new AbortController().signal,
      progress: () => {},
      warn: (message) => void this.warnings.push(message),
    };
  }

  async close(): Promise<void> {
    await this.#connections.close();
  }
}

type Handlers = Required<
  Pick<
    ReturnType<typeof resourceHandlers<object, Connections>>,
    "check" | "diff" | "create" | "read" | "update" | "delete"
  >
>;

/** One resource with its state. */
export class DirectoryResource {
  readonly #handlers: Handlers;
  readonly #context: CallContext<Connections>;
  readonly #about: { urn: string; type: string; name: string };
  state: State | undefined;

  constructor(handlers: object, context: CallContext<Connections>, type: TypeName, name: string) {
    this.#handlers = handlers as Handlers;
    this.#context = context;
    const token = `mfakit:directory:${type}`;
    this.#about = { type: token, name, urn: `urn:pulumi:dev::test::${token}::${name}` };
  }

  /** Outputs in the state, secrets unwrapped. */
  get outputs(): Record<string, unknown> {
    return unwrapSecrets(this.state?.outputs ?? {});
  }

  /** `pulumi preview` with these inputs in the program. */
  async preview(program: Properties): Promise<Planned> {
    const { inputs, action, changes } = await this.#plan(program);
    if (action === "same") return { action, changes, outputs: this.outputs };
    const outputs =
      action === "update"
        ? await this.#handlers.update({ ...this.#change(inputs), preview: true }, this.#context)
        : (await this.#handlers.create({ ...this.#about, inputs, preview: true }, this.#context)).outputs;
    return { action, changes, outputs: unwrapSecrets(outputs) };
  }

  /** `pulumi up` with these inputs in the program; answers what it did. */
  async up(program: Properties): Promise<Planned["action"]> {
    const { inputs, action } = await this.#plan(program);
    if (hasUnknown(inputs)) throw new Error("everything is known when an update runs");
    if (action === "update") {
      const outputs = await this.#handlers.update({ ...this.#change(inputs), preview: false }, this.#context);
      this.state = { id: this.#existing().id, inputs, outputs };
    } else if (action !== "same") {
      const old = this.state;
      const created = await this.#handlers.create({ ...this.#about, inputs, preview: false }, this.#context);
      this.state = { ...created, inputs };
      if (old !== undefined) await this.#handlers.delete({ ...this.#about, ...old }, this.#context);
    } else {
      this.state = { ...this.#existing(), inputs };
    }
    return action;
  }

  /** `pulumi refresh`: saves what is found and answers the paths that the engine would show as drift; `gone` when it is deleted. */
  async refresh(): Promise<string[] | "gone"> {
    const old = this.#existing();
    const found = await this.#handlers.read({ ...this.#about, ...old }, this.#context);
    if (found === undefined) {
      this.state = undefined;
      return "gone";
    }
    const { id, outputs, inputs = old.inputs } = found;
    this.state = { id, outputs, inputs };
    // The engine compares what it found with the inputs that the state had.
    return changedPaths(await this.#diff(old.inputs));
  }

  /** `pulumi import`. */
  async import(id: string): Promise<void> {
    const found = await this.#handlers.read({ ...this.#about, id }, this.#context);
    if (found?.inputs === undefined) throw new Error(`${id} cannot be imported`);
    this.state = { id: found.id, outputs: found.outputs, inputs: found.inputs };
  }

  /** `pulumi destroy`. */
  async destroy(): Promise<void> {
    await this.#handlers.delete({ ...this.#about, ...this.#existing() }, this.#context);
    this.state = undefined;
  }

  async #plan(program: Properties): Promise<{ inputs: Properties; action: Planned["action"]; changes: string[] }> {
    const request = { ...this.#about, olds: this.state?.inputs ?? {}, news: program, randomSeed: new Uint8Array(32) };
    const { inputs, failures = [] } = await this.#handlers.check(request, this.#context);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
    if (this.state === undefined) return { inputs, action: "create", changes: [] };
    const difference = await this.#diff(inputs);
    const changes = changedPaths(difference);
    const action = (difference.replaces ?? []).length > 0 ? "replace" : changes.length > 0 ? "update" : "same";
    return { inputs, action, changes };
  }

  async #diff(newInputs: Properties): Promise<DiffResult> {
    const { id, inputs, outputs } = this.#existing();
    const request = { ...this.#about, id, oldInputs: inputs, oldOutputs: outputs, newInputs, ignoreChanges: [] };
    return this.#handlers.diff(request, this.#context);
  }

  #change(newInputs: Properties) {
    const { id, inputs, outputs } = this.#existing();
    return { ...this.#about, id, oldInputs: inputs, oldOutputs: outputs, newInputs, ignoreChanges: [] };
  }

  #existing(): State {
    if (this.state === undefined) throw new Error("the resource is not in the state");
    return this.state;
  }
}

function changedPaths(difference: DiffResult): string[] {
  return Object.keys(difference.detailedDiff ?? {}).toSorted();
}
