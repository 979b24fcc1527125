import { assertLocation, isSet, readAttribute, writeAttribute } from "../iis/configuration.ts";
import { requireIis } from "../iis/webServer.ts";
import { type DscSemantics, list, required, sameSet, wantsPresent } from "./semantics.ts";

const access = "system.webServer/security/access";

/** The client-facing TLS demands of a site or application; the module writes them into the server's file. */
export const sslSettings: DscSemantics = {
  get({ windows }, properties) {
    const iis = requireIis(windows);
    const name = required(properties, "Name");
    assertLocation(iis, name);
    if (!isSet(iis, name, access, "sslFlags") || readAttribute(iis, name, access, "sslFlags") === "")
      return { Name: name, Bindings: list(properties, "Bindings") ?? [], Ensure: "Absent" };
    return { Name: name, Bindings: String(readAttribute(iis, name, access, "sslFlags")).split(","), Ensure: "Present" };
  },

  async test(machine, properties) {
    const current = await sslSettings.get(machine, properties);
    if (!wantsPresent(properties)) return current.Ensure === "Absent";
    return current.Ensure === "Present" && sameSet(list(properties, "Bindings") ?? [], current.Bindings as string[]);
  },

  set({ windows }, properties) {
    const iis = requireIis(windows);
    const name = required(properties, "Name");
    assertLocation(iis, name);
    writeAttribute(
      iis,
      name,
      access,
      "sslFlags",
      wantsPresent(properties) ? (list(properties, "Bindings") ?? []).join(",") : "",
    );
    return false;
  },
};
