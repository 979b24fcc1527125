import { generateKeyPairSync } from "node:crypto";
import ssh2 from "ssh2";
import { describe, expect, it } from "vitest";
import { accountKeyFault, hostKeyFault, readSshKey, sshKeyFault } from "../../environment/secrets/keys.ts";
import { rsaPem, sshPrivateKey } from "../support/environment.ts";
import { ed25519KeyPair } from "../support/sshKey.ts";

describe("SSH keys", () => {
  it("give the public half that ssh-keygen would print", () => {
    const pair = ed25519KeyPair("somebody");
    expect(readSshKey(pair.private)).toMatchObject({ publicKey: pair.public.replace(/ somebody$/, "") });
  });

  it("are refused with a passphrase", () => {
    const { private: key } = ssh2.utils.generateKeyPairSync("ed25519", {
      passphrase: "hush",
      cipher: "aes256-cbc",
      rounds: 1,
    });
    expect(sshKeyFault(key)).toBe("is protected by a passphrase");
  });

  it("are refused when they are public", () => {
    expect(sshKeyFault(ed25519KeyPair().public)).toBe("is a public key, not a private one");
  });

  it("of the host are ed25519", () => {
    expect(hostKeyFault(sshPrivateKey())).toBeUndefined();
    expect(hostKeyFault(ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 }).private)).toBe(
      "is of type ecdsa-sha2-nistp256",
    );
  });
});

describe("ACME account keys", () => {
  const curve = (namedCurve: string) =>
    generateKeyPairSync("ec", { namedCurve }).privateKey.export({ type: "sec1", format: "pem" }).toString();

  it("are of a kind that authorities take", () => {
    expect(accountKeyFault(rsaPem(2048))).toBeUndefined();
    expect(accountKeyFault(curve("prime256v1"))).toBeUndefined();
    expect(accountKeyFault(rsaPem(1024))).toBe("is an RSA key of fewer than 2048 bits");
    expect(accountKeyFault(curve("secp521r1"))).toBe("is a key of kind secp521r1");
    expect(accountKeyFault(sshPrivateKey())).toBe("is not a private key in PEM form");
  });
});
