import ssh2 from "ssh2";

/** ssh2 1.17 drops leading zero bytes of the public key, so that one pair in 256 is malformed: such a one is made again. */
export function ed25519KeyPair(comment?: string): { private: string; public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519", { comment });
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}
