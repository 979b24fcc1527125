import { cannotTell, type ResourceRule, type Verdict, violation } from "../../rule.ts";
import { at, type Properties, UNKNOWN, type Value } from "../../values.ts";
import { isWindows, virtualMachine } from "./virtualMachines.ts";

/** A property of every Windows machine and what it has to be. */
interface MachineRequirement extends Omit<ResourceRule, "kind" | "types" | "check"> {
  path: readonly string[];
  /** Says what is wrong with a value, or nothing when it is right. `undefined` is what the program left out. */
  fault(value: Value, properties: Properties): string | undefined;
  mend: string;
}

/** A rule about one property of each Windows machine, whichever program declares it. */
export function machineRule({ path, fault, mend, ...text }: MachineRequirement): ResourceRule {
  return {
    kind: "resource",
    types: [virtualMachine],
    ...text,
    check({ urn, name, properties }): Verdict {
      const windows = isWindows(properties);
      if (windows === false) return { notApplicable: "not a Windows machine" };
      const value = at(properties, ...path);
      if (windows === UNKNOWN || value === UNKNOWN) return [cannotTell(urn, `${path.join(".")} of ${name}`)];
      const what = fault(value, properties);
      return what === undefined ? [] : [violation(urn, `${name}: ${path.join(".")} ${what}`, mend)];
    },
  };
}
