import * as pulumi from "@pulumi/pulumi";
import type { PSCredential } from "../../provider/dsc/declare.ts";
import {
  type WebApplicationProperties,
  webApplication,
  webAppPool,
} from "../../provider/dsc/generated/webAdministrationDsc.ts";
import { xPackage } from "../../provider/dsc/generated/xPSDesiredStateConfiguration.ts";
import { type HostTarget, onHost } from "../hostTarget.ts";
import { siteName } from "../platform/WebServer.ts";

/** What each of the product's web services needs from outside. */
export interface WebServiceArgs {
  host: HostTarget;
  /** The product's folder, with a backslash at the end; the service's MSI lies in it. */
  installPath: pulumi.Input<string>;
  /** Application (virtual directory) on Default Web Site; the last part of the service's address. */
  applicationName: string;
  /** Public DNS name of the site. */
  hostName: string;
  /** What must be there first: the site and the server. */
  after: readonly pulumi.Resource[];
}

/** What tells the product's web services apart. */
export interface ProductWebService {
  /** Name under which Windows lists it: not documented; check on a host. The product code in the MSI decides. */
  productName: string;
  /** File name of its MSI. */
  installer: string;
  /** Folder that the MSI makes below `C:\inetpub\wwwroot`. */
  folder: string;
}

/** A web service on the host: its files, its application pool and its application. */
export interface InstalledWebService {
  /** Name of the application pool. */
  applicationPool: string;
  /** Windows path of its web.config. */
  configFile: string;
  /** The application's address, without a slash at the end. */
  url: string;
  /** What its configuration waits for. */
  ready: pulumi.Resource[];
}

const webRoot = "C:\\inetpub\\wwwroot";

/**
 * Installs one of the product's web services from its MSI and runs it in an application pool of its own. Which pool the MSI would
 * choose is not documented, and a pool of its own keeps identities apart.
 */
export function installWebService(
  name: string,
  service: ProductWebService,
  args: WebServiceArgs,
  parent: pulumi.Resource,
  options: {
    /** Account of the pool. Default: the pool's own virtual account. */
    identity?: PSCredential;
    /** What the pool waits for besides. */
    poolAfter?: readonly pulumi.Resource[];
    /** Ways to log in. Default: as the MSI leaves them. */
    authentication?: WebApplicationProperties["AuthenticationInfo"];
  } = {},
): InstalledWebService {
  const files = xPackage(
    `${name}-package`,
    {
      Name: service.productName,
      // Empty: the module reads the product code from the MSI.
      ProductId: "",
      Ensure: "Present",
      Path: pulumi.interpolate`${args.installPath}${service.installer}`,
    },
    { ...onHost(args.host, parent, args.after), customTimeouts: { create: "30m", update: "30m" } },
  );
  const pool = webAppPool(
    `${name}-pool`,
    {
      Name: args.applicationName,
      Ensure: "Present",
      State: "Started",
      autoStart: true,
      // Since version 7 every part of the product is built for .NET Framework 4.
      managedRuntimeVersion: "v4.0",
      ...(options.identity === undefined
        ? { identityType: "ApplicationPoolIdentity" }
        : { identityType: "SpecificUser", Credential: options.identity }),
    },
    onHost(args.host, parent, [...args.after, ...(options.poolAfter ?? [])]),
  );
  const application = webApplication(
    `${name}-application`,
    {
      Website: siteName,
      Name: args.applicationName,
      WebAppPool: args.applicationName,
      PhysicalPath: `${webRoot}\\${service.folder}`,
      Ensure: "Present",
      ...(options.authentication && { AuthenticationInfo: options.authentication }),
    },
    onHost(args.host, parent, [files, pool]),
  );
  return {
    applicationPool: args.applicationName,
    configFile: `${webRoot}\\${service.folder}\\web.config`,
    url: `https://${args.hostName}/${args.applicationName}`,
    ready: [application],
  };
}
