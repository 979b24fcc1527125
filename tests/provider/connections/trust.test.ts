import { getCACertificates } from "node:tls";
import { describe, expect, test } from "vitest";
import { trustedCertificates, trustedContext } from "../../../provider/connections/trust.ts";

const text = (pem: string) => pem.replace(/\s/g, "");

describe("the CAs that every connection trusts", () => {
  test("are Node's, the operating system's and the configured ones, each once", () => {
    const common = [...getCACertificates("default"), ...getCACertificates("system")];
    const [known] = common as [string];
    const unknown = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    const trusted = trustedCertificates(`${known.replaceAll("\n", "\r\n")}\n${unknown}\n`).map(text);
    expect(new Set(trusted).size).toBe(trusted.length);
    expect(new Set(trusted)).toEqual(new Set([...common, unknown].map(text)));
  });

  test("are read once for all connections", () => {
    expect(trustedContext()).toBe(trustedContext(undefined));
  });

  test("a text that is no certificate is not passed over in silence", () => {
    expect(trustedCertificates("certificates/ca.pem").at(-1)).toBe("certificates/ca.pem");
  });
});
