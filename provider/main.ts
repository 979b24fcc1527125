import { providerConfiguration } from "./configuration.ts";
import { openConnections } from "./connections/open.ts";
import { runProvider } from "./engine/plugin.ts";
import { resourceHandlers } from "./engine/resources.ts";
import packageJson from "./package.json" with { type: "json" };

/** The provider `mfakit`, started by the Pulumi engine. Each family is loaded when its first resource comes. */
const handlers = resourceHandlers({
  name: "mfakit",
  version: packageJson.version,
  description: packageJson.description,
  configuration: providerConfiguration,
  modules: {
    acme: async () => Object.values(await import("./acme/definition.ts")),
    directory: async () => Object.values(await import("./directory/definition.ts")),
    dsc: async () => Object.values(await import("./dsc/definition.ts")),
    web: async () => Object.values(await import("./web/definition.ts")),
  },
  connect: openConnections,
  disconnect: (connections) => connections.close(),
});

await runProvider({ name: "mfakit", version: packageJson.version, handlers });
