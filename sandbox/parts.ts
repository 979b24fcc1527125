import { existsSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { loadSettings } from "../environment/load.ts";
import { yamlSource } from "../environment/sources/yaml.ts";
import { UserError } from "../provider/engine/userError.ts";
import { cacheDirectory, pebbleBinary } from "../scripts/setup/locations.js";
import { startAcme } from "./acme/index.ts";
import { writeFileAtomically } from "./atomicFile.ts";
import { existingAzure } from "./azureSeed.ts";
import { baseDnOf, provisionDirectory, seedDirectory, startDirectory } from "./directory/index.ts";
import { writeEndpoints } from "./endpoints.ts";
import { hostInstallers } from "./hostClient.ts";
import type { SandboxLayout } from "./layout.ts";
import type { SandboxNetwork } from "./network.ts";
import { startNodePart } from "./nodePart.ts";
import { openCertificateAuthority } from "./pki/index.ts";
import { ensureSecrets, secretFile } from "./secrets.ts";
import { directorySeed, synchronisedPeople } from "./seed.ts";
import { writeContext } from "./stack.ts";
import type { Finish, PartDefinition } from "./supervisor.ts";

/** The parts of a sandbox for one environment, and what is written down once they are ready. */
export async function sandboxParts(
  layout: SandboxLayout,
  network: SandboxNetwork,
  settingsFile: string,
): Promise<{ parts: PartDefinition[]; finish: Finish }> {
  const settings = loadSettings(yamlSource(settingsFile));
  const [secrets, authority] = await Promise.all([ensureSecrets(layout), openCertificateAuthority(layout.pki)]);
  const { caFile } = authority;
  const server = (name: string, dnsNames: string[], address: string) =>
    authority.ensureCertificateFiles(layout.pki, name, {
      dnsNames: [...dnsNames, "localhost"],
      ipAddresses: [address],
    });
  const hostControl = join(layout.root, "host.sock");
  const domainControllerName = `dc1.${settings.domain.name}`;

  const directory: PartDefinition = {
    name: "directory",
    needs: [],
    async start(_portsBefore, signal) {
      const tls = { ...(await server("dc1", [domainControllerName], network.domainController)), caFile };
      const options = {
        directory: layout.part("directory"),
        realm: settings.domain.name,
        netbiosName: settings.domain.netbiosName,
        address: network.domainController,
        tls,
        adminPassword: secrets.domainAdministrator,
        logFile: layout.log("directory"),
      };
      await provisionDirectory(options);
      signal.throwIfAborted();
      const controller = await startDirectory(options);
      try {
        const seed = directorySeed(baseDnOf(settings.domain.name), secrets);
        await seedDirectory(controller, { password: secrets.domainAdministrator }, seed);
      } catch (error) {
        await controller.stop();
        throw error;
      }
      return { ...controller, pids: [controller.pid], ports: { ldaps: 636 } };
    },
  };

  const azure: PartDefinition = {
    name: "azure",
    needs: [],
    async start(portsBefore, signal) {
      const tls = await server("azure", ["azure.sandbox.test"], network.azure);
      const startAt = (before: Readonly<Record<string, number>>) =>
        startNodePart({
          name: "azure",
          main: join(import.meta.dirname, "azure", "main.ts"),
          optionsFile: join(layout.part("azure"), "options.json"),
          logFile: layout.log("azure"),
          signal,
          options: {
            stateDirectory: layout.part("azure"),
            address: network.azure,
            dnsAddress: network.dns,
            dnsPort: 53,
            ports: {
              arm: before.arm ?? 0,
              login: before.login ?? 0,
              azureNative: before.azureNative ?? 0,
              azuread: before.azuread ?? 0,
              command: before.command ?? 0,
              graph: before.graph ?? 0,
              keyVault: before.keyVault ?? 0,
            },
            tls,
            tenantId: settings.azure.tenantId,
            subscriptionId: settings.azure.subscriptionId,
            clientId: settings.azure.clientId,
            clientSecretFile: secretFile(layout, "azureClientSecret"),
            existing: existingAzure(settings),
            entra: { users: synchronisedPeople(settings.domain.name) },
            publicIpAddresses: network.publicIps,
            host: {
              controlSocket: hostControl,
              privateIpAddress: settings.host.privateIpAddress,
              address: network.host,
            },
            directory: {
              domain: settings.domain.name,
              domainControllerAddress: network.domainController,
              ldapsUrl: `ldaps://${network.domainController}:636`,
              caFile,
            },
          },
        });
      try {
        // The same ports again, so that settings made from them stay true.
        return await startAt(portsBefore);
      } catch (error) {
        // Somebody may have taken one of them meanwhile; then any free ones do.
        if (signal.aborted || Object.keys(portsBefore).length === 0) throw error;
        return await startAt({});
      }
    },
  };

  const acme: PartDefinition = {
    name: "acme",
    needs: [],
    async start() {
      const running = await startAcme({
        directory: layout.part("acme"),
        address: network.acme,
        dnsServer: `${network.dns}:53`,
        tls: { ...(await server("acme", ["acme.sandbox.test"], network.acme)), caFile },
        logFile: layout.log("acme"),
        pebbleBinary: installedPebble(),
      });
      try {
        await rememberRoot(layout, caFile, await running.rootPem());
      } catch (error) {
        await running.stop();
        throw error;
      }
      const port = Number(new URL(running.directoryUrl).port);
      return { ...running, pids: [running.pid], ports: { https: port } };
    },
  };

  const host: PartDefinition = {
    name: "host",
    // It trusts the certificate authority's root from the start, as Windows knows the public roots.
    needs: ["acme"],
    start: (_portsBefore, signal) =>
      startNodePart({
        name: "host",
        signal,
        main: join(import.meta.dirname, "host", "main.ts"),
        optionsFile: join(layout.part("host"), "options.json"),
        logFile: layout.log("host"),
        options: {
          stateDirectory: layout.part("host"),
          address: network.host,
          sshPort: 22,
          httpsPort: 443,
          controlSocket: hostControl,
          authorizedUser: userInfo().username,
          dns: { server: network.dns },
          directory: {
            domain: settings.domain.name,
            netbiosName: settings.domain.netbiosName,
            ldapsUrl: `ldaps://${network.domainController}:636`,
            baseDn: baseDnOf(settings.domain.name),
            caFile,
            address: network.domainController,
            fqdn: domainControllerName,
          },
          trustedRootsFile: layout.trustedRootsFile,
          // What is compiled once serves every sandbox of this user.
          cacheDirectory: cacheDirectory(),
        },
      }),
  };

  const finish: Finish = async (record) => {
    // Here and not in the client, which may be gone by now: without it nobody finds a running sandbox's stack.
    await writeContext(layout, record);
    const port = (part: string, name: string) => record.parts[part]?.ports[name];
    await writeEndpoints(layout, {
      network,
      resourceManagerEndpoint: `https://${network.azure}:${port("azure", "arm")}`,
      authorityHost: `https://${network.azure}:${port("azure", "login")}`,
      graphEndpoint: `https://${network.azure}:${port("azure", "graph")}`,
      keyVaultAudience: `https://${network.azure}:${port("azure", "keyVault")}`,
      acmeDirectoryUrl: `https://${network.acme}:${port("acme", "https")}/dir`,
      caFile,
      trustedRootsFile: layout.trustedRootsFile,
      sshUser: userInfo().username,
      installers: await hostInstallers(hostControl),
    });
  };
  return { parts: [directory, azure, acme, host], finish };
}

/** Pebble makes a new root at every start; certificates of earlier runs stay trusted, so every root is kept. */
async function rememberRoot(layout: SandboxLayout, caFile: string, root: string): Promise<void> {
  const known = existsSync(layout.trustedRootsFile)
    ? readFileSync(layout.trustedRootsFile, "utf8")
    : readFileSync(caFile, "utf8");
  if (!known.includes(root.trim()))
    await writeFileAtomically(layout.trustedRootsFile, `${known.trimEnd()}\n${root.trim()}\n`);
}

function installedPebble(): string {
  const path = pebbleBinary();
  if (existsSync(path)) return path;
  throw new UserError("PEBBLE_MISSING", {
    what: "the sandbox's certificate authority (Pebble) is not installed",
    why: `${path} is not there`,
    next: "Run `npm run setup`: it installs Pebble.",
  });
}
