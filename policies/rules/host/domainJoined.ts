import { byTarget, targetsAmong } from "../../links.ts";
import { procedure } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import type { StackResource } from "../../stack.ts";
import { at, lower, UNKNOWN, type Value } from "../../values.ts";
import { isWindows, virtualMachine, virtualMachineExtension } from "./virtualMachines.ts";

export const domainJoined: StackRule = {
  kind: "stack",
  id: "MFA-HOST-001",
  family: "host",
  title: "The host joins the Active Directory domain.",
  prerequisite: "A server that is domain-joined and patched.",
  step: "Prerequisites",
  rationale:
    "Without the domain the product reads no users from Active Directory, and its group and accounts mean nothing.",
  level: "mandatory",
  severity: "high",
  references: [procedure],
  check(stack) {
    const machines = stack.ofType(virtualMachine).filter(({ properties }) => isWindows(properties) !== false);
    if (machines.length === 0) return { notApplicable: "no Windows machine in this stack" };
    const targets = targetsAmong(machines);
    const extensions = stack.ofType(virtualMachineExtension).filter(joinsDomain);
    const joins = byTarget(extensions, (join) => targets.owners(join, "vmName"));
    return machines.flatMap((machine) => {
      const own = joins.get(machine) ?? [];
      if (own.some((join) => joinsDomain(join) === true)) return [];
      if (own.length > 0 || isWindows(machine.properties) === UNKNOWN) {
        return [cannotTell(machine.urn, `whether ${machine.name} joins a domain`)];
      }
      return [
        violation(
          machine.urn,
          `${machine.name} has no JsonADDomainExtension`,
          "set mfa-server:domain (name, joinUser, organizationalUnit); the WindowsHost component adds the extension",
        ),
      ];
    });
  },
};

/**
 * True for a domain join. Its handler's type is shadowed by the resource's own type when Azure answers, so its settings and its
 * resource name are looked at too.
 */
function joinsDomain({ properties }: StackResource): boolean | typeof UNKNOWN {
  const marks: Value[] = [at(properties, "type"), at(properties, "name"), at(properties, "vmExtensionName")];
  if (marks.some((mark) => lower(mark) === "jsonaddomainextension")) return true;
  const settings = at(properties, "settings");
  if (at(properties, "publisher") === "Microsoft.Compute" && typeof at(settings, "Name") === "string") {
    return at(settings, "Options") !== undefined || at(settings, "OUPath") !== undefined;
  }
  return marks.includes(UNKNOWN) || settings === UNKNOWN ? UNKNOWN : false;
}
