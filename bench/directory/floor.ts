import { spawn } from "node:child_process";
import { once } from "node:events";
import type { BenchDomain } from "./domain.ts";

/** What OpenLDAP's own tools need for the same work: nobody asks a domain controller faster. */
export class Floor {
  readonly #domain: BenchDomain;
  constructor(domain: BenchDomain) {
    this.#domain = domain;
  }

  /** Reads entries page by page, as the kit does, and throws them away. */
  search(base: string, scope: "base" | "sub", filter: string, attributes: readonly string[]): Promise<void> {
    const paged = scope === "sub" ? ["-E", "pr=500/noprompt"] : [];
    return this.#run("ldapsearch", ["-LLL", ...paged, "-b", base, "-s", scope, filter, ...attributes]);
  }

  /** Applies LDIF that comes on standard input. */
  modify(ldif: string): Promise<void> {
    return this.#run("ldapmodify", [], ldif);
  }

  async #run(tool: string, args: readonly string[], input?: string): Promise<void> {
    const { connection, passwordFile, caFile } = this.#domain;
    const bind = ["-x", "-H", connection.domainControllers?.[0] ?? "", "-D", connection.bindUser, "-y", passwordFile];
    const child = spawn(tool, [...bind, ...args], {
      stdio: ["pipe", "ignore", "pipe"],
      env: { ...process.env, LDAPTLS_CACERT: caFile },
    });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    child.stdin.on("error", () => {}).end(input);
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`${tool} ended with exit code ${code}: ${errors}`);
  }
}
