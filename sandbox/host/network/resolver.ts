import { Resolver } from "node:dns/promises";
import { isIPv4 } from "node:net";
import type { Machine } from "../machine.ts";
import { sameName } from "../names.ts";

/** Names as the machine sees them: itself, its domain's controller, and everything else by its DNS server. */
export class HostResolver {
  readonly #machine: Machine;
  readonly #resolver = new Resolver({ timeout: 2000, tries: 2 });

  constructor(machine: Machine) {
    this.#machine = machine;
    const { server } = machine.options.dns;
    this.#resolver.setServers([server]);
  }

  /** IPv4 address of a name. @throws Error when nobody knows it. */
  async resolve(name: string): Promise<string> {
    const { options, windows } = this.#machine;
    if (isIPv4(name)) return name;
    const own = ["localhost", windows.computerName, `${windows.computerName}.${windows.domain?.name ?? ""}`];
    if (own.some((candidate) => sameName(candidate, name))) return options.address;
    if (sameName(name, options.directory.fqdn) || sameName(name, options.directory.domain))
      return options.directory.address;
    const [address] = await this.#resolver.resolve4(name);
    if (address === undefined) throw new Error(`no address for ${name}`);
    return address;
  }
}
