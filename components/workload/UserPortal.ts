import * as pulumi from "@pulumi/pulumi";
import type { User } from "../../provider/directory/resource.ts";
import { userRightsAssignment } from "../../provider/dsc/generated/securityPolicyDsc.ts";
import { ConfigFile } from "../../provider/web/resource.ts";
import { onHost } from "../hostTarget.ts";
import { installWebService, type WebServiceArgs } from "./webApplication.ts";

/** Arguments of {@link UserPortal}. */
export interface UserPortalArgs extends WebServiceArgs {
  /** The account of the portal's application pool, `PFUP_<computer>`. */
  account: Pick<User, "qualifiedName" | "password">;
}

/**
 * The User Portal, where people enrol. Its application pool runs under an account of its own, which holds "Log on as a batch job":
 * without that right the pool stops and the portal answers 503.
 */
export class UserPortal extends pulumi.ComponentResource {
  /** Address for people's browsers. */
  readonly url: string;
  /** `DOMAIN\name` of the pool's account. */
  readonly account: pulumi.Output<string>;

  constructor(name: string, args: UserPortalArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mfa:workload:UserPortal", name, {}, opts);
    const right = userRightsAssignment(
      `${name}-batch-logon`,
      {
        Policy: "Log_on_as_a_batch_job",
        Identity: [args.account.qualifiedName],
        // Others keep the right: IIS_IUSRS holds it for every other pool.
        Force: false,
        Ensure: "Present",
      },
      onHost(args.host, this, args.after),
    );
    const installed = installWebService(
      name,
      {
        productName: "Multi-Factor Authentication User Portal",
        installer: "MultiFactorAuthenticationUserPortalSetup64.msi",
        folder: "MultiFactorAuth",
      },
      args,
      this,
      {
        identity: { userName: args.account.qualifiedName, password: args.account.password },
        poolAfter: [right],
      },
    );
    new ConfigFile(
      `${name}-web-config`,
      {
        path: installed.configFile,
        // On the product's own server the portal talks to the service directly and needs neither account nor address.
        appSettings: { USE_WEB_SERVICE_SDK: "false" },
        applicationPool: installed.applicationPool,
      },
      onHost(args.host, this, installed.ready),
    );
    this.url = `${installed.url}/`;
    this.account = args.account.qualifiedName;
    this.registerOutputs({ url: this.url, account: this.account });
  }
}
