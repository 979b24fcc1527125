import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prefixLength, reachOf } from "../../policies/rules/network/addresses.ts";
import { common, describePorts, type Ports, portsOf, without } from "../../policies/rules/network/ports.ts";
import { type InboundRule, openToInternet } from "../../policies/rules/network/securityRules.ts";

describe("reach of a source", () => {
  test.each([
    ["*", "internet"],
    ["Internet", "internet"],
    ["Any", "internet"],
    ["0.0.0.0/0", "internet"],
    ["10.0.0.0/0", "internet"],
    ["10.0.0.0/7", "private"],
    ["128.0.0.0/1", "internet"],
    ["::/0", "internet"],
    ["2000::/3", "internet"],
    ["VirtualNetwork", "private"],
    ["AzureLoadBalancer", "private"],
    ["10.0.0.0/8", "private"],
    ["192.168.1.4", "private"],
    ["172.16.0.0/12", "private"],
    ["100.64.0.0/10", "private"],
    ["fd00::/8", "private"],
    ["127.0.0.1", "private"],
    ["AzureCloud.westeurope", "public"],
    ["203.0.113.0/24", "public"],
    ["52.0.0.0/8", "public"],
    ["not an address", "public"],
  ])("%s is %s", (source, reach) => {
    expect(reachOf(source)).toBe(reach);
  });

  test.each([
    ["203.0.113.0/24", 24],
    ["203.0.113.7", 32],
    [" 203.0.113.0/25 ", 25],
    ["2001:db8::1", 128],
    ["Internet", undefined],
  ])("%s has prefix length %s", (source, length) => {
    expect(prefixLength(source)).toBe(length);
  });
});

describe("ports", () => {
  test.each([
    ["443", [443, 443]],
    [" 1000-2000 ", [1000, 2000]],
    ["*", [0, 65535]],
    ["2000-1000", undefined],
    ["0-65535", [0, 65535]],
    ["x80", undefined],
    ["80-90-100", undefined],
    ["70000", undefined],
    ["https", undefined],
    ["", undefined],
  ])("%j is read as %j", (text, ports) => {
    expect(portsOf(text)).toEqual(ports);
  });

  test.each([
    [[[0, 65535]], "all ports"],
    [[[22, 22]], "22"],
    [
      [
        [0, 442],
        [444, 65535],
      ],
      "0-442, 444-65535",
    ],
  ] as [Ports[], string][])("%j reads as %s", (ports, text) => {
    expect(describePorts(ports)).toBe(text);
  });

  const interval = fc.tuple(fc.nat(40), fc.nat(40)).map(([a, b]): Ports => [Math.min(a, b), Math.max(a, b)]);
  const intervals = fc.array(interval, { maxLength: 5 });
  const has = (list: readonly Ports[], port: number) => list.some(([first, last]) => first <= port && port <= last);

  test("every port is in exactly one of: what is common, what is left", () => {
    fc.assert(
      fc.property(intervals, intervals, fc.nat(40), (left, right, port) => {
        expect(has(without(left, right), port)).toBe(has(left, port) && !has(right, port));
        expect(has(common(left, right), port)).toBe(has(left, port) && has(right, port));
      }),
    );
  });
});

describe("what the Internet reaches", () => {
  const sources = fc.constantFrom(["Internet"], ["10.0.0.0/8"], ["203.0.113.0/24"], ["VirtualNetwork", "*"]);
  const rule = fc.record({
    access: fc.constantFrom("allow" as const, "deny" as const),
    protocol: fc.constantFrom("tcp" as const, "udp" as const),
    sources,
    ports: fc.tuple(fc.nat(20), fc.nat(20)).map(([a, b]): Ports => [Math.min(a, b), Math.max(a, b)]),
  });
  const asRules = (
    given: { access: "allow" | "deny"; protocol: "tcp" | "udp"; sources: readonly string[]; ports: Ports }[],
  ) =>
    given.map(
      (each, index): InboundRule => ({
        urn: `urn-${index}`,
        name: `rule-${index}`,
        priority: 100 + index,
        access: each.access,
        protocols: [each.protocol],
        sources: each.sources,
        ports: [each.ports],
      }),
    );

  test("the first matching rule decides, whatever the order in which rules are listed", () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 8 }), fc.nat(20), (given, port) => {
        const rules = asRules(given);
        const internet = (each: InboundRule) => each.sources.some((source) => reachOf(source) === "internet");
        const first = rules.find(
          (each) =>
            internet(each) &&
            each.protocols.includes("tcp") &&
            (each.ports[0] as Ports)[0] <= port &&
            port <= (each.ports[0] as Ports)[1],
        );
        const open = openToInternet([...rules].reverse()).filter(
          ({ protocol, ports }) => protocol === "tcp" && ports.some(([low, high]) => low <= port && port <= high),
        );
        expect(open.map((each) => each.rule.name)).toEqual(first?.access === "allow" ? [first.name] : []);
      }),
    );
  });
});
