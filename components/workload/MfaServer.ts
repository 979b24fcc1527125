import * as pulumi from "@pulumi/pulumi";
import { service } from "../../provider/dsc/generated/psDscResources.ts";
import { xPackage, xRegistry } from "../../provider/dsc/generated/xPSDesiredStateConfiguration.ts";
import { type HostTarget, onHost } from "../hostTarget.ts";
import { installFolder, installPathKey, installPathValue } from "./installFolder.ts";
import { type VisualCppArchitecture, visualCppPackage } from "./visualCpp.ts";

/** A file on the host that is run only when its hash is the recorded one. */
export interface HashedFile {
  /** Windows path. */
  path: string;
  /** SHA-256, hexadecimal. */
  sha256: string;
}

/** Arguments of {@link MfaServer}. */
export interface MfaServerArgs {
  host: HostTarget;
  /** The product's set-up program, `MultiFactorAuthenticationServerSetup.exe`. */
  installer: HashedFile & {
    /**
     * Arguments of the set-up program. Microsoft documents none, so there is no default: without them the program opens its window on
     * the host's desktop, and somebody has to click through it.
     */
    arguments?: string;
  };
  /**
   * Visual C++ redistributable packages. The set-up programs of the User Portal and of the Mobile App Web Service refuse to run
   * without both; whether the Web Service SDK's does is not documented (check on a host).
   */
  visualCpp: Record<VisualCppArchitecture, HashedFile>;
}

/** The name under which Windows lists the installed server: not documented; check on a host. */
const productName = "Multi-Factor Authentication Server";

/** The main service; it runs as LocalSystem. */
const serviceName = "MultiFactorAuth";

/** Azure MFA Server itself: runtime libraries, the server from its set-up program, the service running. Activation stays manual. */
export class MfaServer extends pulumi.ComponentResource {
  /** The product's folder on the host, with a backslash at the end; the set-up programs of the web services lie in it. */
  readonly installPath: pulumi.Output<string>;
  /** What the web services wait for. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: MfaServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mfa:workload:MfaServer", name, {}, opts);
    const libraries = (["x64", "x86"] as const).map((architecture) =>
      xPackage(
        `${name}-visual-cpp-${architecture}`,
        { ...visualCppPackage(architecture), ...verified(args.visualCpp[architecture]) },
        onHost(args.host, this),
      ),
    );
    const server = xPackage(
      `${name}-server`,
      {
        Name: productName,
        // Empty: the product code changes with each version, the name does not.
        ProductId: "",
        Ensure: "Present",
        ...verified(args.installer),
        ...(args.installer.arguments !== undefined && { Arguments: args.installer.arguments }),
      },
      { ...onHost(args.host, this, libraries), customTimeouts: { create: "60m", update: "60m" } },
    );
    const registry = xRegistry(
      `${name}-install-path`,
      { Key: installPathKey, ValueName: installPathValue, Ensure: "Present" },
      onHost(args.host, this, [server]),
    );
    const running = service(
      `${name}-service`,
      { Name: serviceName, Ensure: "Present", StartupType: "Automatic", State: "Running" },
      onHost(args.host, this, [server]),
    );

    this.installPath = registry.current.apply((current) => installFolder(current.ValueData));
    this.ready = [server, running];
    this.registerOutputs({ installPath: this.installPath });
  }
}

function verified(file: HashedFile) {
  return { Path: file.path, FileHash: file.sha256, HashAlgorithm: "SHA256" as const };
}
