import * as pulumi from "@pulumi/pulumi";
import { ConfigFile } from "../../provider/web/resource.ts";
import { onHost } from "../hostTarget.ts";
import { type SdkClient, sdkAccountSettings, sdkAddressSetting } from "./sdkClient.ts";
import { installWebService, type WebServiceArgs } from "./webApplication.ts";

/** Arguments of {@link MobileAppWebService}. */
export interface MobileAppWebServiceArgs extends WebServiceArgs {
  /** How it reaches the Web Service SDK; it always goes through it, on the same server too. */
  webServiceSdk: SdkClient;
  /** Encrypt the account's password in web.config on the host. Default `false`: Microsoft's documents leave it in clear text. */
  encrypt?: boolean;
}

/** The Mobile App Web Service of profile v7: where the Microsoft Authenticator app activates itself. Version 8 does without it. */
export class MobileAppWebService extends pulumi.ComponentResource {
  /** Address for the app. */
  readonly url: string;

  constructor(name: string, args: MobileAppWebServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mfa:workload:MobileAppWebService", name, {}, opts);
    const installed = installWebService(
      name,
      {
        productName: "Multi-Factor Authentication Mobile App Web Service",
        installer: "MultiFactorAuthenticationMobileAppWebServiceSetup64.msi",
        folder: "MultiFactorAuthMobileAppWebService",
      },
      args,
      this,
    );
    new ConfigFile(
      `${name}-web-config`,
      {
        path: installed.configFile,
        appSettings: sdkAccountSettings(args.webServiceSdk),
        applicationSettings: sdkAddressSetting(args.webServiceSdk),
        encrypt: args.encrypt ?? false,
        applicationPool: installed.applicationPool,
      },
      onHost(args.host, this, installed.ready),
    );
    this.url = `${installed.url}/PfPaWs.asmx`;
    this.registerOutputs({ url: this.url });
  }
}
