import { ArmError, badRequest, conflict } from "./errors.ts";
import { asText, isObject, type Json, type JsonObject } from "./json.ts";
import { isRegion, normalRegion } from "./regions.ts";
import type { Located } from "./registry.ts";
import type { ResourceType } from "./resourceType.ts";
import type { StoredResource } from "./store.ts";
import { validateFields } from "./validate.ts";

/** The body of a PUT without what the path says already. Throws an `ArmError` that lists everything that is wrong with it. */
export function checkBody({ type, parsed }: Located, sent: Json | undefined): JsonObject {
  if (!isObject(sent)) throw badRequest("InvalidRequestContent", "The request content must be a JSON object.");
  const { id: _id, name: _name, type: _type, etag: _etag, location, ...rest } = sent;
  if (location !== undefined && typeof location !== "string") {
    throw badRequest("InvalidRequestContent", "'location' should be of type 'string'.", "location");
  }
  checkName(type, parsed.names.at(-1) as string);
  const problems = validateFields(type.body, rest);
  const [first] = problems;
  if (first === undefined) return { ...rest, ...(location === undefined ? {} : { location }) };
  const code = first.kind === "unknown" || first.kind === "type" ? "InvalidRequestContent" : "InvalidParameter";
  throw new ArmError(400, code, first.message, {
    target: first.path.replace(/^properties\./, ""),
    details: problems.map((p) => ({ code, message: p.message, target: p.path })),
  });
}

function checkName(type: ResourceType, name: string): void {
  const rule = type.name;
  if (name.length >= rule.minLength && name.length <= rule.maxLength && rule.pattern.test(name)) return;
  throw badRequest(
    "InvalidResourceName",
    `Resource name '${name}' of ${type.type} is invalid: ${rule.meaning}.`,
    "name",
  );
}

/** The location in ARM's spelling; it is given, exists, and stays what it was. */
export function checkLocation(type: ResourceType, sent: string | undefined, previous: StoredResource | undefined) {
  if (type.location === "none") {
    if (sent !== undefined) throw badRequest("InvalidRequestContent", "Could not find member 'location'.", "location");
    return undefined;
  }
  if (sent === undefined) {
    throw badRequest("LocationRequired", `The location property is required for ${type.type}.`, "location");
  }
  const location = normalRegion(sent);
  if (type.location === "global" ? location !== "global" : !isRegion(location)) {
    const accepted = type.location === "global" ? "global" : "the name of an Azure region";
    throw badRequest(
      "LocationNotAvailableForResourceType",
      `The provided location '${sent}' is not available for resource type '${type.type}'; accepted: ${accepted}.`,
      "location",
    );
  }
  const before = asText(previous?.body.location);
  if (before !== undefined && before !== location) {
    throw conflict(
      "InvalidResourceLocation",
      `The resource already exists in location '${before}'. A resource cannot be moved to '${location}'.`,
      "location",
    );
  }
  return location;
}
