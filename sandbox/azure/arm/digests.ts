import { createHash, randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import { propertyChangeNotAllowed } from "./errors.ts";
import { asObject, asText, type Json, type JsonObject } from "./json.ts";
import type { Field, Fields } from "./shape.ts";
import type { StoredResource } from "./store.ts";

/** Digests of create-only secrets are kept, so that the same value may be sent again and another one is refused. */
export function keepDigests(fields: Fields, secrets: ReadonlyMap<string, Json>, previous: StoredResource | undefined) {
  const internal: JsonObject = { ...previous?.internal };
  const digests: JsonObject = { ...asObject(internal.digests) };
  for (const [path, secret] of secrets) {
    if (!fieldAt(fields, path)?.createOnly) continue;
    const known = asText(digests[path]);
    if (previous === undefined) digests[path] = digestOf(secret);
    else if (known === undefined || !matchesDigest(secret, known)) {
      throw propertyChangeNotAllowed(path.split(".").at(-1) as string);
    }
  }
  if (Object.keys(digests).length > 0) internal.digests = digests;
  return internal;
}

function fieldAt(fields: Fields, path: string): Field | undefined {
  let field: Field | undefined;
  let inside: Fields = fields;
  for (const name of path.split(".")) {
    field = inside[name];
    inside = field?.kind === "object" ? field.fields : {};
  }
  return field;
}

/** A digest that tells whether the same secret was sent again, without keeping it. */
function digestOf(secret: Json): string {
  const salt = randomBytes(16);
  return `${salt.toString("base64")}:${scrypt(secret, salt).toString("base64")}`;
}

function matchesDigest(secret: Json, digest: string): boolean {
  const [salt = "", hash = ""] = digest.split(":");
  return timingSafeEqual(scrypt(secret, Buffer.from(salt, "base64")), Buffer.from(hash, "base64"));
}

function scrypt(secret: Json, salt: Buffer): Buffer {
  return scryptSync(createHash("sha256").update(JSON.stringify(secret)).digest(), salt, 32);
}
