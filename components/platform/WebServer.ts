import { Command } from "@pulumi/command/remote/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Certificate } from "../../provider/acme/resource.ts";
import { hostScriptInput, loaderCommandLine } from "../../provider/connections/hostCommand.ts";
import { pfxImport } from "../../provider/dsc/generated/certificateDsc.ts";
import { firewall } from "../../provider/dsc/generated/networkingDsc.ts";
import { webConfigPropertyCollection, webSite } from "../../provider/dsc/generated/webAdministrationDsc.ts";
import { xRegistry, xWindowsFeature } from "../../provider/dsc/generated/xPSDesiredStateConfiguration.ts";
import { type HostTarget, onHost } from "../hostTarget.ts";
import { roleServices, type WebRole, webServerRole } from "./roleServices.ts";
import { tls12Settings } from "./tls12.ts";

/** Arguments of {@link WebServer}. */
export interface WebServerArgs {
  host: HostTarget;
  /** What the server carries; decides its role services. */
  roles: readonly WebRole[];
  /** Public DNS name of the site. */
  hostName: string;
  /** The certificate of that name; it is imported without the right to export its key. */
  certificate: Pick<Certificate, "thumbprint" | "pfxBase64" | "pfxPassword">;
}

/** The site that the product's set-up programs install into. */
export const siteName = "Default Web Site";

/** ASP.NET 4 for pools of 64 and of 32 bit. IIS compares paths after expansion, so they are written expanded. */
const aspNetIsapi = {
  framework64: "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\aspnet_isapi.dll",
  framework: "C:\\Windows\\Microsoft.NET\\Framework\\v4.0.30319\\aspnet_isapi.dll",
};

/**
 * IIS as the product wants it: role services, ASP.NET 4 allowed in "ISAPI and CGI Restrictions", TLS 1.2, the host's firewall open
 * for 443, and Default Web Site answering on 443 alone, under the public name and with its certificate.
 */
export class WebServer extends pulumi.ComponentResource {
  readonly siteName = siteName;
  /** What a web application on the site waits for. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: WebServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mfa:platform:WebServer", name, {}, opts);
    const features = windowsFeatures(name, args, this);
    const isapi = allowAspNet(name, args, features, this);
    const tls = tls12(name, args, this);
    const restart = restartIis(name, args, [...features, ...isapi, ...tls], this);
    const certificate = importCertificate(name, args, this);
    const site = httpsSite(name, args, certificate, [restart], this);
    httpsFirewallRule(name, args, this);
    this.ready = [site];
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

function tls12(name: string, args: WebServerArgs, parent: pulumi.Resource): pulumi.Resource[] {
  return tls12Settings.map((setting) =>
    xRegistry(
      `${name}-tls12-${setting.id}`,
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
      triggers: [roleServices(args.roles), tls12Settings, aspNetIsapi],
      // Windows' OpenSSH accepts no environment from a client.
      addPreviousOutputInEnv: false,
    },
    onHost(args.host, parent, changes),
  );
}

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
    onHost(args.host, parent),
  );
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
