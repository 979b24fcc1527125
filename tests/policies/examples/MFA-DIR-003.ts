import type { RuleExamples } from "./example.ts";
import { group, notKnownYet, resource, user } from "./resources.ts";

const admins = group("PhoneFactor Admins");
const members = (list: unknown) =>
  resource("mfakit:directory:Membership", "administrators", { group: "PhoneFactor Admins", members: list });
const file = (userName: string) =>
  resource("mfakit:web:ConfigFile", "app-config", {
    path: "C:\\inetpub\\wwwroot\\MultiFactorAuthMobileAppWebService\\web.config",
    appSettings: { WEB_SERVICE_SDK_AUTHENTICATION_USERNAME: userName },
  });

export const examples: RuleExamples = {
  passing: {
    title: "the account of web.config is a member",
    resources: [admins, user("MfaWebService"), members(["MfaWebService"]), file("CORP\\MfaWebService")],
  },
  failing: {
    title: "another account in web.config",
    resources: [admins, user("MfaWebService"), members(["MfaWebService"]), file("CORP\\somebody")],
    says: "somebody is not in PhoneFactor Admins",
    where: "administrators",
  },
  unknown: {
    title: "members that are made by this deployment",
    resources: [admins, user("MfaWebService"), members(notKnownYet), file("CORP\\MfaWebService")],
    says: "who is in PhoneFactor Admins",
    where: "administrators",
  },
  malformed: {
    title: "members that are no names",
    resources: [admins, user("MfaWebService"), members([1, null, {}]), file("CORP\\MfaWebService")],
    says: "MfaWebService is not in PhoneFactor Admins",
    where: "administrators",
  },
};
