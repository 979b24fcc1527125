import { isIP } from "node:net";
import { procedure } from "../../references.ts";
import { cannotTell, type Finding, type StackRule, violation } from "../../rule.ts";
import type { StackResource } from "../../stack.ts";
import { at, lower, UNKNOWN, type Value } from "../../values.ts";

const webConfig = "mfakit:web:ConfigFile";
const userNameKey = "WEB_SERVICE_SDK_AUTHENTICATION_USERNAME";
const passwordKey = "WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD";
const addressSuffix = "_pfwssdk_PfWsSdk";

export const sdkAccess: StackRule = {
  kind: "stack",
  id: "MFA-WORK-002",
  family: "workload",
  title: "The web services that use the Web Service SDK have its address, a qualified account and a password.",
  prerequisite: "Open web.config in Notepad and modify the following values.",
  step: "Install Web Portal, step 11",
  rationale:
    "The Mobile App Web Service always goes through the SDK; its test page fails while one of the three is wrong.",
  level: "mandatory",
  severity: "medium",
  references: [procedure],
  check(stack) {
    const files = stack.ofType(webConfig).filter((file) => usesSdk(file) !== false);
    if (files.length === 0) return { notApplicable: "no web.config that uses the Web Service SDK" };
    return files.flatMap((file) =>
      usesSdk(file) === UNKNOWN
        ? [cannotTell(file.urn, `whether ${file.name} uses the Web Service SDK`, undefined, "appSettings")]
        : [
            ...judge(file, userNameKey, at(file.properties, "appSettings", userNameKey), unqualified),
            ...judge(file, passwordKey, at(file.properties, "appSettings", passwordKey), missing),
            ...judge(file, addressSuffix, at(file.properties, "applicationSettings", addressSuffix), unusableAddress),
          ],
    );
  },
};

/** The portal on the product's own server says that it does without; everything else that names a setting of the SDK uses it. */
function usesSdk({ properties }: StackResource): boolean | typeof UNKNOWN {
  const path = lower(at(properties, "path")) ?? "";
  if (path.includes("mobileappwebservice")) return true;
  const stated = at(properties, "appSettings", "USE_WEB_SERVICE_SDK");
  if (stated === UNKNOWN) return UNKNOWN;
  if (lower(stated) === "false") return false;
  const named = [at(properties, "appSettings", userNameKey), at(properties, "applicationSettings", addressSuffix)];
  return named.some((value) => value !== undefined);
}

function judge(
  file: StackResource,
  setting: string,
  value: Value,
  fault: (value: Value) => string | undefined,
): Finding[] {
  if (value === UNKNOWN) return [cannotTell(file.urn, `${setting} in ${file.name}`)];
  const what = fault(value);
  return what === undefined
    ? []
    : [violation(file.urn, `${setting} ${what}`, "run pulumi up: it writes the setting into the web.config again")];
}

function missing(value: Value): string | undefined {
  return typeof value === "string" && value !== "" ? undefined : "is empty";
}

function unqualified(value: Value): string | undefined {
  if (missing(value) !== undefined) return missing(value);
  return /^[^\\]+\\[^\\]+$/.test(String(value)) ? undefined : `is ${String(value)}, not DOMAIN\\name`;
}

/** TLS is checked against the name in the address, so it has to be the certificate's name and never an IP address. */
function unusableAddress(value: Value): string | undefined {
  if (missing(value) !== undefined) return missing(value);
  const url = URL.parse(String(value));
  if (url?.protocol !== "https:") return `is ${String(value)}, not an https address`;
  if (isIP(url.hostname.replace(/^\[|\]$/g, "")) !== 0)
    return `names the IP address ${url.hostname} and not the certificate's name`;
  return url.pathname.endsWith("/PfWsSdk.asmx")
    ? undefined
    : `is ${String(value)}, which does not end with /PfWsSdk.asmx`;
}
