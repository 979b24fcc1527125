import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renewalInfoId } from "../../../provider/connections/acmeRenewalInfo.ts";
import { authorityKeyIdentifier } from "../../../provider/connections/x509.ts";

/** The example of RFC 9773, appendix A; its serial number needs a leading zero byte in DER. */
const EXAMPLE = `-----BEGIN CERTIFICATE-----
MIIBQzCB66ADAgECAgUAh2VDITAKBggqhkjOPQQDAjAVMRMwEQYDVQQDEwpFeGFt
cGxlIENBMCIYDzAwMDEwMTAxMDAwMDAwWhgPMDAwMTAxMDEwMDAwMDBaMBYxFDAS
BgNVBAMTC2V4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeBZu
7cbpAYNXZLbbh8rNIzuOoqOOtmxA1v7cRm//AwyMwWxyHz4zfwmBhcSrf47NUAFf
qzLQ2PPQxdTXREYEnKMjMCEwHwYDVR0jBBgwFoAUaYhba4dGQEHhs3uEe6CuLN4B
yNQwCgYIKoZIzj0EAwIDRwAwRAIge09+S5TZAlw5tgtiVvuERV6cT4mfutXIlwTb
+FYN/8oCIClDsqBklhB9KAelFiYt9+6FDj3z4KGVelYM5MdsO3pK
-----END CERTIFICATE-----`;

describe("a certificate's name in ACME renewal information", () => {
  test("is that of the RFC's own example", () => {
    expect(renewalInfoId(EXAMPLE)).toBe("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
  });

  test("is not found in what is no certificate, without an error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(authorityKeyIdentifier(Buffer.from(bytes))).toBeUndefined();
      }),
    );
  });

  test("is not found in a certificate that was cut off", () => {
    const whole = Buffer.from(EXAMPLE.replace(/-----[^-]+-----/g, ""), "base64");
    expect(authorityKeyIdentifier(whole)).toBeDefined();
    for (let length = 0; length < whole.length; length++) {
      expect(authorityKeyIdentifier(whole.subarray(0, length))).toBeUndefined();
    }
  });
});
