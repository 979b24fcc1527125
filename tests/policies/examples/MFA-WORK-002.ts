import type { RuleExamples } from "./example.ts";
import { notKnownYet, resource } from "./resources.ts";

const sdk = "https://mfa.dev.contoso.com/MultiFactorAuthWebServiceSdk/PfWsSdk.asmx";
const file = ({ userName = "CORP\\MfaWebService", password = "of the example", url = sdk }: Record<string, unknown>) =>
  resource("mfakit:web:ConfigFile", "app-config", {
    path: "C:\\inetpub\\wwwroot\\MultiFactorAuthMobileAppWebService\\web.config",
    appSettings: {
      WEB_SERVICE_SDK_AUTHENTICATION_USERNAME: userName,
      WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD: password,
    },
    applicationSettings: { _pfwssdk_PfWsSdk: url },
  });

export const examples: RuleExamples = {
  passing: { title: "all three", resources: [file({})] },
  failing: {
    title: "an IP address in the URL",
    resources: [file({ url: "https://10.20.1.10/MultiFactorAuthWebServiceSdk/PfWsSdk.asmx" })],
    says: "names the IP address 10.20.1.10",
    where: "app-config",
  },
  unknown: {
    title: "a password that is made by this deployment",
    resources: [file({ password: notKnownYet })],
    says: "WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD in app-config",
    where: "app-config",
  },
  malformed: {
    title: "a number in place of the account",
    resources: [file({ userName: 7 })],
    says: "WEB_SERVICE_SDK_AUTHENTICATION_USERNAME is empty",
    where: "app-config",
  },
};
