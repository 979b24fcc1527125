import type { ProviderConfiguration } from "../configuration.ts";
import { UserError } from "../engine/userError.ts";
import type { Connections } from "./connections.ts";

/**
 * The connections of one Pulumi operation. Nothing is loaded or opened before its first use. A connection that could not be opened
 * stays failed for the whole operation: asking a directory with a wrong password again for each resource would lock the account.
 */
export function openConnections(configuration: ProviderConfiguration): Connections {
  const opened: Promise<{ close(): Promise<void> | void }>[] = [];

  const lazily = <K extends Section, T extends { close(): Promise<void> | void }>(
    section: K,
    open: (settings: NonNullable<ProviderConfiguration[K]>) => Promise<T>,
  ) => {
    let connection: Promise<T> | undefined;
    return () => {
      if (connection === undefined) {
        connection = openSection(section, configuration, open);
        opened.push(connection);
      }
      return connection;
    };
  };

  return {
    configuration,
    directory: lazily("directory", async (settings) => (await import("./ldap.ts")).openDirectory(settings)),
    arm: lazily("azure", async (settings) => (await import("./arm.ts")).openArm(settings)),
    graph: lazily("azure", async (settings) => (await import("./graph.ts")).openGraph(settings)),
    keyVault: lazily("azure", async (settings) => (await import("./keyVault.ts")).openKeyVault(settings)),
    acme: lazily("acme", async (settings) => (await import("./acme.ts")).openAcme(settings)),
    host: lazily("host", async (settings) => (await import("./host.ts")).openHost(settings)),
    async close() {
      await Promise.allSettled(opened.map(async (connection) => (await connection).close()));
    },
  };
}

type Section = keyof ProviderConfiguration;

async function openSection<K extends Section, T>(
  section: K,
  configuration: ProviderConfiguration,
  open: (settings: NonNullable<ProviderConfiguration[K]>) => Promise<T>,
): Promise<T> {
  const settings = configuration[section];
  if (settings === undefined) {
    throw new UserError("CONNECTION_NOT_CONFIGURED", {
      what: `The provider has no connection to ${targets[section]}`,
      why: `its argument "${section}" is not set`,
      next: `Give the mfakit.Provider of this resource the argument "${section}".`,
    });
  }
  return open(settings as NonNullable<ProviderConfiguration[K]>);
}

const targets: Record<Section, string> = {
  directory: "Active Directory",
  azure: "Azure",
  acme: "a certificate authority",
  host: "a Windows host",
};
