import { cis } from "../../references.ts";
import { cannotTell, type ResourceRule, violation } from "../../rule.ts";
import { at, UNKNOWN } from "../../values.ts";

/** Where a service says which TLS version it takes at least, and how it spells the good ones; the first is the one that is written. */
const services: Readonly<Record<string, { path: readonly string[]; good: readonly [string, ...string[]] }>> = {
  "azure-native:storage:StorageAccount": { path: ["minimumTlsVersion"], good: ["TLS1_2", "TLS1_3"] },
  "azure-native:sql:Server": { path: ["minimalTlsVersion"], good: ["1.2", "1.3"] },
  "azure-native:web:WebApp": { path: ["siteConfig", "minTlsVersion"], good: ["1.2", "1.3"] },
  "azure-native:web:WebAppSlot": { path: ["siteConfig", "minTlsVersion"], good: ["1.2", "1.3"] },
  "azure-native:redis:Redis": { path: ["minimumTlsVersion"], good: ["1.2"] },
  "azure-native:cache:Redis": { path: ["minimumTlsVersion"], good: ["1.2"] },
  "azure-native:eventhub:Namespace": { path: ["minimumTlsVersion"], good: ["1.2"] },
  "azure-native:servicebus:Namespace": { path: ["minimumTlsVersion"], good: ["1.2"] },
};

export const serviceTls: ResourceRule = {
  kind: "resource",
  id: "MFA-WEB-006",
  family: "web-server",
  title: "Azure services beside the host take TLS 1.2 at least.",
  prerequisite: "Baseline: TLS 1.2 only.",
  step: "Security baseline",
  rationale: "Several services take TLS 1.0 unless they are told not to.",
  level: "remediate",
  severity: "medium",
  ...cis("4.15", "Ensure the 'Minimum TLS version' for storage accounts is set to 'Version 1.2'"),
  types: Object.keys(services),
  check({ urn, type, name, properties }) {
    const service = services[type];
    if (service === undefined) return { notApplicable: "no service with a minimum TLS version" };
    const property = service.path.join(".");
    const value = at(properties, ...service.path);
    if (value === UNKNOWN) return [cannotTell(urn, `${property} of ${name}`, undefined, property)];
    if (typeof value === "string" && service.good.includes(value)) return [];
    const [safe] = service.good;
    const mend = `set ${property}: ${JSON.stringify(safe)}`;
    return [violation(urn, `${property} of ${name} is ${String(value ?? "not set")}`, mend, { property, value })];
  },
  repair(properties, type) {
    const { path, good } = services[type] ?? { path: [], good: [""] };
    let record = properties;
    for (const name of path.slice(0, -1)) {
      const inside = record[name];
      const next = typeof inside === "object" && inside !== null ? (inside as Record<string, unknown>) : {};
      record[name] = next;
      record = next;
    }
    const last = path.at(-1);
    if (last !== undefined) record[last] = good[0];
  },
};
