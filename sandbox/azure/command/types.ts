import type { Properties } from "../../../provider/engine/values.ts";

/** What a run may use besides its inputs. */
export interface Tools {
  signal: AbortSignal;
  /** Shows a line of output beside the resource. */
  log(line: string): void;
}

type Inputs = Record<string, unknown>;

/** One type of the command provider. */
export interface CommandType {
  inputs: readonly string[];
  required: readonly string[];
  /** Outputs beside the echoed inputs. */
  outputs: readonly string[];
  create(inputs: Inputs, tools: Tools): Promise<Properties>;
  /** `previous`: what the last run said. */
  update(inputs: Inputs, tools: Tools, previous: Properties): Promise<Properties>;
  delete(inputs: Inputs, tools: Tools, previous: Properties): Promise<void>;
}

type Runner = (command: string, inputs: Inputs, tools: Tools, previous: Properties) => Promise<Properties>;

/** Create runs `create`; update runs `update`, else `create` again; delete runs `delete`. A command that is not given does nothing. */
function runs(run: Runner): Pick<CommandType, "create" | "update" | "delete"> {
  const nothing = { stdout: "", stderr: "" };
  return {
    create: (inputs, tools) =>
      typeof inputs.create === "string" ? run(inputs.create, inputs, tools, {}) : Promise.resolve(nothing),
    update: async (inputs, tools, previous) => {
      const command = inputs.update ?? inputs.create;
      return typeof command === "string" ? run(command, inputs, tools, previous) : previous;
    },
    delete: async (inputs, tools, previous) => {
      if (typeof inputs.delete === "string") await run(inputs.delete, inputs, tools, previous);
    },
  };
}

const common = ["create", "update", "delete", "triggers", "environment", "stdin", "logging", "addPreviousOutputInEnv"];

// Each is loaded at its first use: the SSH library alone costs a tenth of a second at start-up.
const runRemotely: Runner = async (...args) => (await import("./remote.ts")).runRemotely(...args);
const runLocally: Runner = async (...args) => (await import("./local.ts")).runLocally(...args);
const copyToRemote = async (inputs: Inputs, tools: Tools) => (await import("./copy.ts")).copyToRemote(inputs, tools);

export const commandTypes: Readonly<Record<string, CommandType>> = {
  "command:remote:Command": {
    inputs: ["connection", ...common],
    required: ["connection"],
    outputs: ["stdout", "stderr"],
    ...runs(runRemotely),
  },
  "command:local:Command": {
    inputs: ["dir", "interpreter", ...common],
    required: [],
    outputs: ["stdout", "stderr"],
    ...runs(runLocally),
  },
  "command:remote:CopyToRemote": {
    inputs: ["connection", "source", "remotePath", "triggers"],
    required: ["connection", "source", "remotePath"],
    outputs: [],
    create: (inputs, tools) => copyToRemote(inputs, tools),
    update: (inputs, tools) => copyToRemote(inputs, tools),
    delete: async () => undefined,
  },
};
