import { Command } from "@pulumi/command/remote/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Certificate } from "../../provider/acme/resource.ts";
import { ServedCertificate } from "../../provider/acme/servedResource.ts";
import { hostScriptInput, loaderCommandLine } from "../../provider/connections/hostCommand.ts";
import { pfxImport } from "../../provider/dsc/generated/certificateDsc.ts";
import { firewall } from "../../provider/dsc/generated/networkingDsc.ts";
import { webConfigPropertyCollection, webSite } from "../../provider/dsc/generated/webAdministrationDsc.ts";
import { xRegistry, xWindowsFeature } from "../../provider/dsc/generated/xPSDesiredStateConfiguration.ts";
import { type HostTarget, onHost } from "../hostTarget.ts";
import { roleServices, type WebRole, webServerRole } from "./roleServices.ts";
import { oldTlsSettings, tls12Settings } from "./tls12.ts";

/** Arguments of {@link WebServer}. */
export interface WebServerArgs {
  host: HostTarget;
  /** What the server carries; decides its role services. */
  roles: readonly WebRole[];
  /** Public DNS name of the site. */
  hostName: string;
  /** The certificate of that name; it is imported without the right to export its key. */
  certificate: Pick<Certificate, "thumbprint" | "pfxBase64" | "pfxPassword">;
  /** What has brought the certificate to the host already, where something else does. Default: it is imported here. */
  delivered?: readonly pulumi.Resource[];
  /** How the certificate is looked for at the public name, before the one that it takes the place of is removed. Default: not at all. */
  outside?: OutsideView;
  /** How long browsers remember to use HTTPS alone, in seconds; 0: they are not told. */
  hstsMaxAge: number;
}

/** How somebody outside sees the site. */
export interface OutsideView {
  /** `host[:port]` of resolvers that see the public zone. Default: the system's. */
  dnsServers?: string[] | undefined;
  /** PEM of private roots to trust beside the system's. */
  trustedRoots?: string | undefined;
  /** What must be there first: the name's records. */
  after: readonly pulumi.Resource[];
}

/** The site that the product's set-up programs install into. */
export const siteName = "Default Web Site";

/** ASP.NET 4 for pools of 64 and of 32 bit. IIS compares paths after expansion, so they are written expanded. */
const aspNetIsapi = {
  framework64: "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\aspnet_isapi.dll",
  framework: "C:\\Windows\\Microsoft.NET\\Framework\\v4.0.30319\\aspnet_isapi.dll",
};

/**
 * IIS as the product wants it: role services, ASP.NET 4 allowed in "ISAPI and CGI Restrictions", TLS 1.2 and nothing older, the host's
 * firewall open for 443, and Default Web Site answering on 443 alone, under the public name and with its certificate, and telling
 * browsers to use nothing else.
 */
export class WebServer extends pulumi.ComponentResource {
  readonly siteName = siteName;
  /** What a web application on the site waits for. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: WebServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mfa:platform:WebServer", name, {}, opts);
    const features = windowsFeatures(name, args, this);
    const isapi = allowAspNet(name, args, features, this);
    const tls = tlsSettings(name, args, this);
    const restart = restartIis(name, args, [...features, ...isapi, ...tls], this);
    const certificate =
      args.delivered === undefined
        ? importCertificate(name, args, this)
        : deliveredCertificate(name, args, args.delivered, this);
    const site = httpsSite(name, args, certificate, [restart], this);
    const open = httpsFirewallRule(name, args, this);
    const hsts = strictTransportSecurity(name, args, features, this);
    servedCertificate(name, args, [site, open], this);
    this.ready = [site, ...hsts];
    this.registerOutputs({ siteName: this.siteName });
  }
}

function windowsFeatures(name: string, args: WebServerArgs, parent: pulumi.Resource): pulumi.Resource[] {
  const feature = (feature: string, after: pulumi.Resource[]) =>
    xWindowsFeature(
      `${name}-feature-${feature.toLowerCase()}`,
      { Name: feature, Ensure: "Present" },
      onHost(args.host, parent, after),
    );
  const role = feature(webServerRole, []);
  return [role, ...roleServices(args.roles).map((service) => feature(service, [role]))];
}

function allowAspNet(
  name: string,
  args: WebServerArgs,
  features: pulumi.Resource[],
  parent: pulumi.Resource,
): pulumi.Resource[] {
  return Object.entries(aspNetIsapi).map(([framework, path]) =>
    webConfigPropertyCollection(
      `${name}-isapi-${framework}`,
      {
        WebsitePath: "MACHINE/WEBROOT/APPHOST",
        Filter: "system.webServer/security",
        CollectionName: "isapiCgiRestriction",
        ItemName: "add",
        ItemKeyName: "path",
        ItemKeyValue: path,
        ItemPropertyName: "allowed",
        // As IIS itself spells a truth value, so that reading back finds the same text.
        ItemPropertyValue: "True",
        Ensure: "Present",
      },
      onHost(args.host, parent, features),
    ),
  );
}

/** Clients come by TLS 1.2 or newer; Windows Server 2016 offers older ones by itself. */
function tlsSettings(name: string, args: WebServerArgs, parent: pulumi.Resource): pulumi.Resource[] {
  const settings = [...tls12Settings.map((setting) => ({ ...setting, id: `tls12-${setting.id}` })), ...oldTlsSettings];
  return settings.map((setting) =>
    xRegistry(
      `${name}-${setting.id}`,
      {
        Key: setting.key,
        ValueName: setting.valueName,
        ValueType: "DWord",
        ValueData: [String(setting.value)],
        Ensure: "Present",
        Force: true,
      },
      onHost(args.host, parent),
    ),
  );
}

/** Worker processes read role services and TLS settings only when they start. */
function restartIis(
  name: string,
  args: WebServerArgs,
  changes: pulumi.Resource[],
  parent: pulumi.Resource,
): pulumi.Resource {
  return new Command(
    `${name}-restart-iis`,
    {
      connection: args.host.connection,
      create: loaderCommandLine,
      stdin: hostScriptInput("restart-iis", {}),
      triggers: [roleServices(args.roles), [...tls12Settings, ...oldTlsSettings], aspNetIsapi],
      // Windows' OpenSSH accepts no environment from a client.
      addPreviousOutputInEnv: false,
    },
    onHost(args.host, parent, changes),
  );
}

/**
 * A renewal replaces the import: the new certificate comes before the binding changes, and the engine removes the old one, key and
 * all, only after everything else has succeeded, the look from outside with it.
 */
function importCertificate(name: string, args: WebServerArgs, parent: pulumi.Resource): pulumi.Resource {
  return pfxImport(
    `${name}-certificate`,
    {
      Thumbprint: args.certificate.thumbprint,
      Location: "LocalMachine",
      Store: "My",
      Content: args.certificate.pfxBase64,
      // The user name of a PFX credential is never used; PowerShell only wants one.
      Credential: { userName: "pfx", password: args.certificate.pfxPassword },
      Exportable: false,
      FriendlyName: args.hostName,
      Ensure: "Present",
    },
    { ...onHost(args.host, parent), onDestroy: "revert" },
  );
}

/** The same place in the store, filled by somebody else: nothing is imported, and the old certificate goes in the same way. */
function deliveredCertificate(
  name: string,
  { host, certificate }: WebServerArgs,
  delivered: readonly pulumi.Resource[],
  parent: pulumi.Resource,
): pulumi.Resource {
  return pfxImport(
    `${name}-certificate`,
    { Thumbprint: certificate.thumbprint, Location: "LocalMachine", Store: "My", Ensure: "Present" },
    { ...onHost(host, parent, delivered), onDestroy: "remove" },
  );
}

function servedCertificate(
  name: string,
  args: WebServerArgs,
  after: readonly pulumi.Resource[],
  parent: pulumi.Resource,
): void {
  if (args.outside === undefined) return;
  const { after: records, ...view } = args.outside;
  new ServedCertificate(
    `${name}-served-certificate`,
    { hostName: args.hostName, thumbprint: args.certificate.thumbprint, ...definedOnly(view) },
    onHost(args.host, parent, [...after, ...records]),
  );
}

function definedOnly<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

/** Windows Server 2016's IIS has no HSTS setting of its own: the header is one of the server's custom headers. */
function strictTransportSecurity(
  name: string,
  args: WebServerArgs,
  features: pulumi.Resource[],
  parent: pulumi.Resource,
): pulumi.Resource[] {
  if (args.hstsMaxAge === 0) return [];
  const header = webConfigPropertyCollection(
    `${name}-hsts`,
    {
      WebsitePath: "MACHINE/WEBROOT/APPHOST",
      Filter: "system.webServer/httpProtocol",
      CollectionName: "customHeaders",
      ItemName: "add",
      ItemKeyName: "name",
      ItemKeyValue: "Strict-Transport-Security",
      ItemPropertyName: "value",
      ItemPropertyValue: `max-age=${args.hstsMaxAge}`,
      Ensure: "Present",
    },
    onHost(args.host, parent, features),
  );
  return [header];
}

function httpsSite(
  name: string,
  args: WebServerArgs,
  certificate: pulumi.Resource,
  after: pulumi.Resource[],
  parent: pulumi.Resource,
): pulumi.Resource {
  return webSite(
    `${name}-site`,
    {
      Name: siteName,
      Ensure: "Present",
      State: "Started",
      // The whole list: the module removes every binding that is not in it, port 80 too.
      BindingInfo: [
        {
          Protocol: "https",
          IPAddress: "*",
          Port: 443,
          HostName: args.hostName,
          CertificateThumbprint: args.certificate.thumbprint,
          CertificateStoreName: "My",
          // 0: no SNI, so that old clients that send no name get this certificate too.
          SslFlags: "0",
        },
      ],
    },
    onHost(args.host, parent, [certificate, ...after]),
  );
}

function httpsFirewallRule(name: string, args: WebServerArgs, parent: pulumi.Resource): pulumi.Resource {
  return firewall(
    `${name}-firewall-https`,
    {
      Name: "mfakit-https-in",
      DisplayName: "Azure MFA Server web services (HTTPS in)",
      Ensure: "Present",
      Enabled: "True",
      Direction: "Inbound",
      Action: "Allow",
      Protocol: "TCP",
      LocalPort: ["443"],
      Profile: ["Any"],
      Authentication: "NotRequired",
      Encryption: "NotRequired",
    },
    onHost(args.host, parent),
  );
}
