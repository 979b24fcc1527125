import { cannotTell, type ResourceRule, type Verdict, violation } from "../../rule.ts";
import { at, type Properties, UNKNOWN, type Value } from "../../values.ts";
import { isWindows, virtualMachine } from "./virtualMachines.ts";

/** A property of every Windows machine and what it has to be. */
interface MachineRequirement<C> extends Omit<ResourceRule<C>, "kind" | "types" | "family" | "check"> {
  path: readonly string[];
  /**
   * Says what is wrong with a value, nothing when it is right, `UNKNOWN` when it does not tell. `undefined` is what the program left out.
   */
  fault(value: Value, properties: Properties, config: C): string | undefined | typeof UNKNOWN;
  mend: string;
}

/** A rule about one property of each Windows machine, whichever program declares it. */
export function machineRule<C>({ path, fault, mend, ...text }: MachineRequirement<C>): ResourceRule<C> {
  const property = path.join(".");
  return {
    kind: "resource",
    family: "host",
    types: [virtualMachine],
    ...text,
    check({ urn, name, properties }, config): Verdict {
      const windows = isWindows(properties);
      if (windows === false) return { notApplicable: "not a Windows machine" };
      const value = at(properties, ...path);
      const what = windows === UNKNOWN || value === UNKNOWN ? UNKNOWN : fault(value, properties, config);
      if (what === UNKNOWN) return [cannotTell(urn, `${property} of ${name}`, undefined, property)];
      return what === undefined ? [] : [violation(urn, `${name}: ${property} ${what}`, mend, { property, value })];
    },
  };
}
