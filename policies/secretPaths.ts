import type { PlainResource } from "./evaluate.ts";
import { cannotTell, type Finding, type SecretRule, violation } from "./rule.ts";
import { unversionedType } from "./stack.ts";
import { isSecret, plain, UNKNOWN } from "./values.ts";

/** True when a name is meant; one that begins with `*` stands for every name with that ending. */
export function isMeant(name: string, pattern: string): boolean {
  return name === pattern || (pattern.startsWith("*") && name.endsWith(pattern.slice(1)));
}

/** The values of a resource that must be secrets and are not marked; `undefined` when it has none that must be. */
export function unmarkedSecrets(rule: SecretRule, resource: PlainResource): Finding[] | undefined {
  const paths = rule.secrets[unversionedType(resource.type)];
  return paths?.flatMap((path) => unmarkedAt(resource, resource.properties, path, ""));
}

function unmarkedAt(
  resource: PlainResource,
  value: unknown,
  [name, ...rest]: readonly string[],
  above: string,
): Finding[] {
  if (value === null || value === undefined || isHidden(value)) return [];
  if (plain(value) === UNKNOWN) {
    // What a preview does not know may or may not be marked.
    return [cannotTell(resource.urn, `whether ${above} of ${resource.name} is a secret`)];
  }
  if (name === undefined) {
    return [
      violation(resource.urn, `${above} of ${resource.name} is not marked as a secret`, mendFor(above), {
        property: above,
        value: "[not shown]",
      }),
    ];
  }
  if (typeof value !== "object") return [];
  return Object.entries(value)
    .filter(([each]) => isMeant(each, name))
    .flatMap(([each, inside]) => unmarkedAt(resource, inside, rest, above === "" ? each : `${above}.${each}`));
}

/** True for a marked value, and for an object of which every part is: a preview prints no mark around the whole. */
function isHidden(value: unknown): boolean {
  if (isSecret(value) || value === "[secret]") return true;
  if (typeof value !== "object" || value === null) return false;
  const parts = Object.values(value);
  return parts.length > 0 && parts.every(isHidden);
}

function mendFor(property: string): string {
  return `give ${property} as pulumi.secret(...), or as a setting that was set with pulumi config set --secret`;
}
