import { Provider as AzureProvider } from "@pulumi/azure-native/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { azureNames } from "./components/naming.ts";
import type { ExistingVault, OwnVault } from "./components/platform/certificateVault.ts";
import { Directory } from "./components/platform/Directory.ts";
import type { EntraDirectory } from "./components/platform/EntraDirectory.ts";
import { EntraLicences } from "./components/platform/EntraLicences.ts";
import type { KeyVaultCertificate } from "./components/platform/KeyVaultCertificate.ts";
import { Network } from "./components/platform/Network.ts";
import { PublicEndpoint } from "./components/platform/PublicEndpoint.ts";
import type { CertificateSource } from "./components/platform/publicCertificate.ts";
import type { ZoneAbove } from "./components/platform/publicZone.ts";
import type { WebRole } from "./components/platform/roleServices.ts";
import type { ExistingVirtualNetwork, NewVirtualNetwork } from "./components/platform/virtualNetwork.ts";
import { WebServer } from "./components/platform/WebServer.ts";
import { WindowsHost } from "./components/platform/WindowsHost.ts";
import { keepStackTracesCheap, letEngineStart, silenceDebugMessages } from "./components/pulumiSdk.ts";
import type { StackOutputsInProgress } from "./components/stackOutputs.ts";
import { lifecycleWarning } from "./components/workload/lifecycle.ts";
import { MfaServer } from "./components/workload/MfaServer.ts";
import { MobileAppWebService } from "./components/workload/MobileAppWebService.ts";
import { manualSteps } from "./components/workload/manualSteps.ts";
import { UserPortal } from "./components/workload/UserPortal.ts";
import { WebServiceSdk } from "./components/workload/WebServiceSdk.ts";
import { connectionsOf } from "./environment/connections.ts";
import { deriveNames } from "./environment/derive.ts";
import { EnvironmentError } from "./environment/error.ts";
import { type Environment, loadEnvironment } from "./environment/load.ts";
import { pulumiSource } from "./environment/sources/pulumi.ts";
import { Provider as MfakitProvider } from "./provider/resource.ts";

/** Deploys the environment of the current stack. A wrong configuration ends here, before anything is registered. */
export default async function program(): Promise<StackOutputsInProgress> {
  keepStackTracesCheap();
  silenceDebugMessages();
  const environment = checkedEnvironment();
  pulumi.log.warn(lifecycleWarning);
  return deploy(environment);
}

function checkedEnvironment(): Environment<pulumi.Output<string>> {
  try {
    return loadEnvironment(pulumiSource());
  } catch (error) {
    // The engine prints a RunError's message alone, without a stack.
    if (error instanceof EnvironmentError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

async function deploy(environment: Environment<pulumi.Output<string>>): Promise<StackOutputsInProgress> {
  const { settings, secrets, managementPublicKey } = environment;
  const {
    azure,
    network: net,
    host: machine,
    domain,
    directory: ad,
    entra,
    publicEndpoint,
    certificate,
    mfaServer,
    tags,
  } = settings;
  const names = deriveNames(settings);
  const azureName = azureNames({
    workload: "mfa",
    environment: pulumi.getStack(),
    location: azure.location,
    computerName: machine.computerName,
  });
  const azureProvider = azureProviderFor("azure", azure.subscriptionId);
  const mfakit = new MfakitProvider("mfakit", connectionsOf(settings, secrets));

  await letEngineStart();

  // Platform: what any on-premises front end for multi-factor authentication needs.
  const network = new Network(
    "network",
    {
      resourceGroupName: azure.resourceGroup,
      location: azure.location,
      names: azureName,
      virtualNetwork: virtualNetwork(),
      subnetPrefix: net.subnetPrefix,
      allowHttpsFrom: net.allowHttpsFrom,
      allowManagementFrom: net.allowManagementFrom,
      managementPort: machine.management.port,
      tags,
    },
    { providers: [azureProvider] },
  );
  const host = new WindowsHost(
    "host",
    {
      resourceGroupName: network.resourceGroupName,
      location: azure.location,
      names: azureName,
      subnetId: network.subnetId,
      ...(network.interfaceSecurityGroupId && { networkSecurityGroupId: network.interfaceSecurityGroupId }),
      ...(net.existing && net.dnsServers && { dnsServers: net.dnsServers }),
      publicIpAddressId: network.publicIpAddressId,
      privateIpAddress: machine.privateIpAddress,
      computerName: machine.computerName,
      size: machine.size,
      image: machine.image,
      adminUsername: machine.adminUsername,
      adminPassword: secrets.adminPassword,
      encryptionAtHost: machine.encryptionAtHost,
      trustedLaunch: machine.trustedLaunch,
      ...(machine.replace !== undefined && { replace: machine.replace }),
      domain: {
        domain: domain.name,
        user: domain.joinUser,
        password: secrets.domainJoinPassword,
        organizationalUnit: domain.organizationalUnit,
      },
      management: {
        ...machine.management,
        privateKey: secrets.managementPrivateKey,
        authorizedKey: managementPublicKey,
        hostPrivateKey: secrets.hostPrivateKey,
      },
      dscModuleSource: machine.dscModules.source === "path" ? machine.dscModules.path : "gallery",
      tags,
    },
    { providers: [azureProvider, mfakit] },
  );
  const endpoint = new PublicEndpoint(
    "endpoint",
    {
      hostName: publicEndpoint.hostName,
      recordName: names.recordName,
      zone: { ...publicEndpoint.zone, id: names.dnsZoneId, delegatedFrom: zoneAbove() },
      publicIpAddress: network.publicIpAddress,
      ipv6Addresses: publicEndpoint.ipv6Addresses,
      ttl: publicEndpoint.ttl,
      caaTtl: publicEndpoint.caaTtl,
      caa:
        certificate.caaIssuer === undefined
          ? undefined
          : { issuer: certificate.caaIssuer, accountUri: publicEndpoint.caaAccountUri },
      adopt: publicEndpoint.adopt,
      certificate: certificateSource(environment),
    },
    { providers: [zoneProvider(), mfakit] },
  );
  const managedDomain = ad.kind === "entraDomainServices";
  const directory = managedDomain
    ? await entraDirectory()
    : new Directory(
        "directory",
        {
          organizationalUnit: ad.organizationalUnit,
          mfaUsers: ad.mfaUsers,
          phoneFactorAdmins: ad.phoneFactorAdmins,
          serviceAccount: {
            ...ad.serviceAccount,
            ...(secrets.serviceAccountPassword && { password: secrets.serviceAccountPassword }),
          },
          computerName: machine.computerName,
          join: {
            organizationalUnit: domain.organizationalUnit,
            user: domain.joinUser,
            password: secrets.domainJoinPassword,
          },
          joined: host.joined,
        },
        { providers: [mfakit] },
      );
  const licences =
    entra.licences.check &&
    new EntraLicences(
      "licences",
      {
        // Entra ID does not know what a managed domain calls its people.
        people: managedDomain ? ad.mfaUsers.members : directory.people,
        synchronisedOnly: !managedDomain,
        domain: domain.name,
        ...(entra.licences.skus && { skus: entra.licences.skus }),
      },
      { providers: [mfakit] },
    );
  const vault = certificate.keyVault && (await keyVaultCertificate(certificate.keyVault));
  const webServer = new WebServer(
    "web-server",
    {
      host,
      roles: rolesOf(mfaServer),
      hostName: publicEndpoint.hostName,
      certificate: endpoint.certificate,
      ...(vault && { delivered: vault.delivered }),
      hstsMaxAge: publicEndpoint.hstsMaxAge,
      ...(publicEndpoint.verifyServed && {
        outside: {
          dnsServers: publicEndpoint.dnsServers,
          trustedRoots: publicEndpoint.trustedRoots,
          after: endpoint.records,
        },
      }),
    },
    { providers: [mfakit] },
  );

  // Workload: Azure MFA Server on this platform.
  const onMfakit = { providers: [mfakit] };
  const server = new MfaServer(
    "mfa-server",
    { host, installer: mfaServer.installer, visualCpp: mfaServer.visualCpp },
    onMfakit,
  );
  const webService = {
    host,
    installPath: server.installPath,
    hostName: publicEndpoint.hostName,
    after: [...webServer.ready, ...server.ready],
  };
  const sdk = new WebServiceSdk("web-service-sdk", { ...webService, ...mfaServer.webServiceSdk }, onMfakit);
  const portal = new UserPortal(
    "user-portal",
    { ...webService, ...mfaServer.userPortal, account: directory.portalAccount },
    onMfakit,
  );
  const mobileApp =
    mfaServer.mobileAppWebService &&
    new MobileAppWebService(
      "mobile-app-web-service",
      {
        ...webService,
        ...mfaServer.mobileAppWebService,
        after: [...webService.after, ...sdk.ready, directory.administrators],
        webServiceSdk: {
          url: sdk.url,
          userName: directory.serviceAccount.qualifiedName,
          password: directory.serviceAccount.password,
        },
      },
      onMfakit,
    );

  return {
    profile: mfaServer.profile,
    activatedBefore2019: mfaServer.activatedBefore2019,
    publicHostName: endpoint.hostName,
    publicIpAddress: endpoint.address,
    userPortalUrl: portal.url,
    webServiceSdkUrl: sdk.url,
    ...(mobileApp && { mobileAppWebServiceUrl: mobileApp.url }),
    resourceGroupName: network.resourceGroupName,
    computerName: host.computerName,
    virtualMachineId: host.virtualMachineId,
    certificate: {
      source: certificate.source,
      thumbprint: endpoint.certificate.thumbprint,
      issuer: endpoint.certificate.issuer,
      notBefore: endpoint.certificate.notBefore,
      notAfter: endpoint.certificate.notAfter,
      renewAfter: endpoint.certificate.renewAfter,
      renewalBy: endpoint.certificate.renewalBy,
      history: endpoint.certificate.history,
    },
    directory: {
      domain: domain.name,
      mfaUsers: ad.mfaUsers.name,
      phoneFactorAdmins: ad.phoneFactorAdmins.name,
      serviceAccount: directory.serviceAccount.qualifiedName,
      portalAccount: directory.portalAccount.qualifiedName,
      computerAccount: names.computerAccount,
    },
    serviceAccountPassword: directory.serviceAccount.password,
    people: directory.people,
    peopleNotReady: directory.peopleNotReady,
    ...(licences && { licences: licences.report }),
    manualSteps: manualSteps({
      profile: mfaServer.profile,
      ...(mfaServer.companyName !== undefined && { companyName: mfaServer.companyName }),
      mfaUsersGroup: ad.mfaUsers.name,
      userPortalUrl: portal.url,
      ...(mobileApp && { mobileAppWebServiceUrl: mobileApp.url }),
      installerPath: mfaServer.installer.path,
      computerName: machine.computerName,
    }),
  };

  function azureProviderFor(name: string, subscriptionId: string): AzureProvider {
    return new AzureProvider(name, {
      subscriptionId,
      tenantId: azure.tenantId,
      environment: azure.cloud.toLowerCase(),
      location: azure.location,
      ...(azure.clientId === undefined
        ? { useDefaultAzureCredential: true }
        : { clientId: azure.clientId, clientSecret: secrets.azureClientSecret }),
    });
  }

  /** In a managed domain the groups and accounts come from Entra ID; nobody else has to load its provider. */
  async function entraDirectory(): Promise<EntraDirectory> {
    const [{ Provider }, { EntraDirectory }] = await Promise.all([
      import("@pulumi/azuread/provider.js"),
      import("./components/platform/EntraDirectory.ts"),
    ]);
    const azuread = new Provider("azuread", {
      tenantId: azure.tenantId,
      environment: azure.cloud.toLowerCase(),
      ...(azure.clientId !== undefined && { clientId: azure.clientId, clientSecret: secrets.azureClientSecret }),
    });
    const { name, rotationTrigger } = ad.serviceAccount;
    return new EntraDirectory(
      "directory",
      {
        mfaUsers: ad.mfaUsers,
        phoneFactorAdmins: ad.phoneFactorAdmins,
        serviceAccount: {
          name,
          ...(rotationTrigger !== undefined && { rotationTrigger }),
          ...(secrets.serviceAccountPassword && { password: secrets.serviceAccountPassword }),
        },
        computerName: machine.computerName,
        userDomain: entra.userDomain,
        arrivalTimeoutMinutes: entra.arrivalTimeoutMinutes,
      },
      { providers: [mfakit, azuread] },
    );
  }

  /** A network that is there may live in a subscription of its own. */
  function virtualNetwork(): NewVirtualNetwork | ExistingVirtualNetwork {
    if (net.own) return net.own;
    const { virtualNetworkId: id, subnetName } = net.existing as NonNullable<typeof net.existing>;
    if (subnetName !== undefined) return { id, subnetName };
    const subscriptionId = id.split("/")[2]?.toLowerCase() ?? "";
    return subscriptionId === azure.subscriptionId.toLowerCase()
      ? { id }
      : { id, provider: azureProviderFor("azure-network", subscriptionId) };
  }

  /** The certificate's way through a vault; nobody else has to load what that needs. */
  async function keyVaultCertificate(keyVault: KeyVaultSettings): Promise<KeyVaultCertificate> {
    const { KeyVaultCertificate } = await import("./components/platform/KeyVaultCertificate.ts");
    return new KeyVaultCertificate(
      "key-vault",
      {
        resourceGroupName: network.resourceGroupName,
        location: azure.location,
        tenantId: azure.tenantId,
        subscriptionId: azure.subscriptionId,
        vault: vaultOf(keyVault),
        certificateName: keyVault.certificateName,
        certificate: endpoint.certificate,
        host,
        virtualMachineName: azureName.virtualMachine,
        tags,
      },
      { providers: [azureProvider, mfakit] },
    );
  }

  function vaultOf({ name, id = "", ...own }: KeyVaultSettings): OwnVault | ExistingVault {
    if (name !== undefined) {
      const { allowedNetworks, deployer, retentionDays, recover } = own;
      // The host leaves by its own public address.
      const allowed = allowedNetworks && { allowedNetworks: [...allowedNetworks, network.publicIpAddress] };
      return { kind: "own", name, deployer, retentionDays, recover, ...allowed };
    }
    const subscriptionId = id.split("/")[2] ?? "";
    const sameSubscription = subscriptionId.toLowerCase() === azure.subscriptionId.toLowerCase();
    return {
      kind: "existing",
      id,
      ...(!sameSubscription && { provider: azureProviderFor("azure-key-vault", subscriptionId) }),
    };
  }

  /** The zone may live in a subscription of its own. */
  function zoneProvider(): AzureProvider {
    const { subscriptionId } = publicEndpoint.zone;
    return subscriptionId === azure.subscriptionId ? azureProvider : azureProviderFor("azure-dns", subscriptionId);
  }

  /** And the zone above it. */
  function zoneAbove(): ZoneAbove | undefined {
    const { subscriptionId, delegatedFrom } = publicEndpoint.zone;
    if (delegatedFrom === undefined) return undefined;
    const { subscriptionId: above, ...zone } = delegatedFrom;
    return above === subscriptionId ? zone : { ...zone, provider: providerAbove(above) };
  }

  function providerAbove(subscriptionId: string): AzureProvider {
    return subscriptionId === azure.subscriptionId
      ? azureProvider
      : azureProviderFor("azure-dns-above", subscriptionId);
  }
}

type KeyVaultSettings = NonNullable<Environment<unknown>["settings"]["certificate"]["keyVault"]>;

/** One server carries everything; version 8 does without the Mobile App Web Service. */
function rolesOf(mfaServer: { mobileAppWebService?: unknown }): WebRole[] {
  return [
    "webServiceSdk",
    "userPortal",
    ...(mfaServer.mobileAppWebService === undefined ? [] : (["mobileAppWebService"] as const)),
  ];
}

/** The certificate as the settings want it: ordered, or given. */
function certificateSource({ settings, secrets }: Environment<pulumi.Output<string>>): CertificateSource {
  const { certificate, publicEndpoint } = settings;
  const { renewBefore, pfxEncryption, certificateFile, renewalTrigger } = certificate;
  if (certificate.source === "provided") {
    const { certificatePfx: pfx, certificatePfxPassword: pfxPassphrase, certificatePrivateKey: privateKey } = secrets;
    return {
      source: "provided",
      renewBefore,
      pfxEncryption,
      ...(pfx && { pfx }),
      ...(pfxPassphrase && { pfxPassphrase }),
      ...(privateKey && { privateKey }),
      ...(certificateFile !== undefined && { certificate: certificateFile }),
      ...(publicEndpoint.trustedRoots !== undefined && { trustedRoots: publicEndpoint.trustedRoots }),
    };
  }
  return {
    source: "acme",
    keyType: certificate.keyType,
    renewBefore,
    pfxEncryption,
    revokeOnDelete: certificate.revokeOnDelete,
    ...orderOptions(certificate),
    ...(renewalTrigger !== undefined && { renewalTrigger }),
  };
}

/** What is asked of the authority beside the names; a setting that is not there stays out of the state. */
function orderOptions(certificate: Environment<unknown>["settings"]["certificate"]) {
  const { revocationReason, profile, preferredChain, mustStaple, delegatedZones } = certificate;
  return {
    ...(revocationReason !== undefined && { revocationReason }),
    ...(profile !== undefined && { profile }),
    ...(preferredChain !== undefined && { preferredChain }),
    ...(mustStaple && { mustStaple }),
    ...(delegatedZones !== undefined && { delegatedZoneIds: delegatedZones }),
  };
}
