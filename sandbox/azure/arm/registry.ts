import { parseResourceId, type ResourceId } from "./resourceId.ts";
import type { ResourceType } from "./resourceType.ts";

/** An id, understood: which type it is of, and the values of that type's path parameters. */
export interface Located {
  id: string;
  parsed: ResourceId;
  type: ResourceType;
  parameters: Record<string, string>;
}

/** The types that the simulated cloud knows. What is not here is refused. */
export class Registry {
  readonly types: readonly ResourceType[];
  readonly #byArmType = new Map<string, ResourceType>();
  readonly #byToken = new Map<string, ResourceType>();

  constructor(types: readonly ResourceType[]) {
    this.types = types;
    for (const type of types) {
      for (const name of type.variants ?? [type.type]) this.#byArmType.set(name.toLowerCase(), type);
      this.#byToken.set(type.token, type);
    }
  }

  ofArmType(type: string): ResourceType | undefined {
    return this.#byArmType.get(type.toLowerCase());
  }

  ofToken(token: string): ResourceType | undefined {
    return this.#byToken.get(token);
  }

  locate(id: string): Located | undefined {
    const parsed = parseResourceId(id);
    const type = parsed && this.ofArmType(parsed.type);
    if (parsed === undefined || type === undefined) return undefined;
    const parameters = readParameters(type.path, id);
    return parameters && { id, parsed, type, parameters };
  }
}

/** SDK names of the path parameters of a type, without the subscription. */
export function parameterNames(type: ResourceType): string[] {
  return [...type.path.matchAll(/\{(\w+)\}/g)].map((m) => m[1] as string).filter((name) => name !== "subscriptionId");
}

/** The input that names the resource itself. */
export function nameParameter(type: ResourceType): string {
  return parameterNames(type).at(-1) as string;
}

export function formatId(type: ResourceType, parameters: Record<string, string>): string {
  return type.path
    .replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? "")
    .replace(/^\/\//, "/")
    .replace(/(?<=.)\/\//g, "/");
}

/** Aligned from the end, so that a leading `{scope}` takes whatever is left. */
function readParameters(path: string, id: string): Record<string, string> | undefined {
  const template = path.split("/").filter((s) => s !== "");
  const segments = id.split("/").filter((s) => s !== "");
  const parameters: Record<string, string> = {};
  while (template.length > 0) {
    const expected = template.pop() as string;
    const name = /^\{(\w+)\}$/.exec(expected)?.[1];
    if (name !== undefined && template.length === 0 && name === "scope") {
      parameters[name] = segments.splice(0).join("/");
      continue;
    }
    const segment = segments.pop();
    if (segment === undefined) return undefined;
    if (name !== undefined) parameters[name] = segment;
    else if (segment.toLowerCase() !== expected.toLowerCase()) return undefined;
  }
  return segments.length === 0 ? parameters : undefined;
}
