import { createHmac, timingSafeEqual } from "node:crypto";

/** The claims of an access token that ARM looks at. */
export interface Claims {
  aud: string;
  tid: string;
  appid: string;
  oid: string;
  exp: number;
}

/**
 * Issues and checks access tokens: JWTs signed with a key that is derived from the client secret, so that tokens outlive a restart
 * and no key lies on disk. Clients must treat them as opaque.
 */
export class Tokens {
  readonly #key: Buffer;

  constructor(clientSecret: string) {
    this.#key = createHmac("sha256", clientSecret).update("access tokens of the simulated Entra endpoint").digest();
  }

  issue(claims: Claims): string {
    const head = encode({ alg: "HS256", typ: "JWT" });
    const now = Math.floor(Date.now() / 1000);
    const body = encode({ iat: now, nbf: now, ver: "1.0", idtyp: "app", ...claims });
    return `${head}.${body}.${this.#sign(`${head}.${body}`)}`;
  }

  /** The claims of a token that was issued here, expired or not; `undefined` when it was not. */
  verify(token: string): Claims | undefined {
    const [head = "", body = "", signature = ""] = token.split(".");
    const expected = Buffer.from(this.#sign(`${head}.${body}`));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return JSON.parse(Buffer.from(body, "base64url").toString()) as Claims;
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64url");
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
