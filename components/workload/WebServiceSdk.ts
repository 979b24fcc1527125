import * as pulumi from "@pulumi/pulumi";
import { installWebService, type WebServiceArgs } from "./webApplication.ts";

/** Arguments of {@link WebServiceSdk}. */
export type WebServiceSdkArgs = WebServiceArgs;

/**
 * The Web Service SDK: the SOAP service by which the other web services reach the product. It answers members of
 * `PhoneFactor Admins` who give their password (Basic over TLS) and nobody else.
 */
export class WebServiceSdk extends pulumi.ComponentResource {
  /** Address of the service, as its clients must be given it: with the certificate's name, never with an IP address. */
  readonly url: string;
  /** What its clients wait for. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: WebServiceSdkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mfa:workload:WebServiceSdk", name, {}, opts);
    const installed = installWebService(
      name,
      {
        productName: "Multi-Factor Authentication Web Service SDK",
        installer: "MultiFactorAuthenticationWebServiceSdkSetup64.msi",
        folder: "MultiFactorAuthWebServiceSdk",
      },
      args,
      this,
      { authentication: { Anonymous: false, Basic: true, Digest: false, Windows: false } },
    );
    this.url = `${installed.url}/PfWsSdk.asmx`;
    this.ready = installed.ready;
    this.registerOutputs({ url: this.url });
  }
}
