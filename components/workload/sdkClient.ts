import type * as pulumi from "@pulumi/pulumi";

/** How a web service logs in to the Web Service SDK. */
export interface SdkClient {
  /** Address of the SDK, `https://<certificate's name>/.../PfWsSdk.asmx`. */
  url: pulumi.Input<string>;
  /** `DOMAIN\name` of a member of `PhoneFactor Admins`. */
  userName: pulumi.Input<string>;
  /** Secret. */
  password: pulumi.Input<string>;
}

/** The account's keys in a web.config's `appSettings`. */
export function sdkAccountSettings(client: SdkClient): Record<string, pulumi.Input<string>> {
  return {
    WEB_SERVICE_SDK_AUTHENTICATION_USERNAME: client.userName,
    WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD: client.password,
  };
}

/**
 * The SDK's address in `applicationSettings`, by the end of the setting's name: Microsoft's documents spell its beginning in several
 * ways.
 */
export function sdkAddressSetting(client: SdkClient): Record<string, pulumi.Input<string>> {
  return { _pfwssdk_PfWsSdk: client.url };
}
