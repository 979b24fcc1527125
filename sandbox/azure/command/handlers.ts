import { randomBytes } from "node:crypto";
import type { CheckFailure } from "../../../provider/engine/definition.ts";
import { compareInputs } from "../../../provider/engine/difference.ts";
import type {
  CallContext,
  CheckRequest,
  CheckResult,
  DiffRequest,
  DiffResult,
  ProviderHandlers,
} from "../../../provider/engine/handlers.ts";
import { hasSecret, unwrapSecrets } from "../../../provider/engine/secrets.ts";
import { type Properties, Secret, UNKNOWN, type Value } from "../../../provider/engine/values.ts";
import { type CommandType, commandTypes } from "./types.ts";

/** The command provider: real SSH connections and real local shells. */
export function commandHandlers(): ProviderHandlers<null> {
  return {
    configure: () => null,
    check: (request) => check(request, typeOf(request.type)),
    diff: (request) => diff(request, typeOf(request.type)),
    async create({ type, name, inputs, preview }, context) {
      const id = `${name}${randomBytes(4).toString("hex")}`;
      const outputs = preview ? unknownResult(typeOf(type)) : await typeOf(type).create(plain(inputs), tools(context));
      return { id: preview ? "" : id, outputs: withInputs(inputs, outputs) };
    },
    // There is nothing to read: a refresh returns what the state has, and never notices a drift.
    read: ({ id, inputs, outputs }) => ({ id, outputs: outputs ?? {}, ...(inputs === undefined ? {} : { inputs }) }),
    async update({ type, newInputs, oldOutputs, preview }, context) {
      const previous = results(typeOf(type), oldOutputs);
      if (preview) return withInputs(newInputs, previous);
      const outputs = await typeOf(type).update(plain(newInputs), tools(context), unwrapSecrets(previous));
      return withInputs(newInputs, outputs);
    },
    async delete({ type, inputs, outputs }, context) {
      await typeOf(type).delete(plain(inputs), tools(context), unwrapSecrets(results(typeOf(type), outputs)));
    },
  };
}

function typeOf(token: string): CommandType {
  const type = commandTypes[token];
  if (type === undefined) throw new Error(`the sandbox does not simulate resources of type '${token}'`);
  return type;
}

function check(request: CheckRequest, type: CommandType): CheckResult {
  const failures: CheckFailure[] = [];
  for (const [name, value] of Object.entries(request.news)) {
    if (value !== undefined && !type.inputs.includes(name)) {
      failures.push({ property: name, reason: `'${name}' is not a property that the simulated type has` });
    }
  }
  for (const name of type.required) {
    if (request.news[name] === undefined)
      failures.push({ property: name, reason: `missing required property '${name}'` });
  }
  return { inputs: { ...request.news }, failures };
}

/** Triggers replace; every other input change runs `update` (or `create` again). */
function diff({ oldInputs, newInputs }: DiffRequest, _type: CommandType): DiffResult {
  const { changes } = compareInputs(oldInputs, newInputs, { replaceOn: ["triggers"] });
  const detailedDiff = Object.fromEntries(
    Object.entries(changes).map(([path, kind]) => [path, { kind, inputDiff: true }]),
  );
  const tops = [...new Set(Object.keys(changes).map((path) => path.split(/[.[]/)[0] as string))];
  return {
    changes: tops.length === 0 ? "none" : "some",
    detailedDiff,
    diffs: tops,
    replaces: tops.filter((top) => top === "triggers"),
    deleteBeforeReplace: false,
  };
}

const plain = (inputs: Properties): Record<string, unknown> => unwrapSecrets<Record<string, unknown>>(inputs);

const tools = ({ signal, progress }: CallContext<null>) => ({ signal, log: progress });

const results = (type: CommandType, outputs: Properties): Properties =>
  Object.fromEntries(type.outputs.map((name) => [name, outputs[name]]));

const unknownResult = (type: CommandType): Properties =>
  Object.fromEntries(type.outputs.map((name) => [name, UNKNOWN]));

/** In this provider every output depends on every input: one secret input makes all outputs of the run secret. */
function withInputs(inputs: Properties, outputs: Properties): Properties {
  const secret = hasSecret(inputs);
  const marked = Object.entries(outputs).map(([name, value]) => [
    name,
    secret && value !== undefined && !(value instanceof Secret) ? new Secret(value as Value) : value,
  ]);
  return { ...inputs, ...Object.fromEntries(marked) };
}
