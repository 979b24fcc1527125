/** Stacks in which one thing is changed, and what a rule says about them. */
import type { AnalyzedResource } from "../support/policyPack.ts";
import { UNKNOWN } from "../support/policyPack.ts";
import { added, changed, hostName, without } from "./compliantStack.ts";
import { otherCertificate } from "./examples/certificates.ts";

export const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString();
const nsgRule = (change: object) => ({
  networkSecurityGroupName: "nsg-mfa",
  name: "extra",
  direction: "Inbound",
  protocol: "Tcp",
  priority: 200,
  access: "Allow",
  sourceAddressPrefix: "Internet",
  destinationPortRange: "80",
  ...change,
});

export interface Case {
  title: string;
  stack: () => AnalyzedResource[];
  /** A part of the message of the violation. */
  says: string | RegExp;
  /** Name of the resource that is pointed at; empty: the stack. */
  where: string;
}

export interface UnknownCase {
  title: string;
  stack: () => AnalyzedResource[];
  where: string;
}

/** What each rule objects to, by its id. */
export function violations(stack: AnalyzedResource[]): Record<string, Case[]> {
  const withRule = (change: object) => added(stack, "azure-native:network:SecurityRule", "extra", nsgRule(change));
  return {
    "MFA-NET-001": [
      {
        title: "port 80 open to the Internet",
        stack: () => withRule({}),
        says: "extra lets the Internet (Internet) reach tcp 80",
        where: "extra",
      },
      {
        title: "everything open but 443",
        stack: () => withRule({ destinationPortRange: "*", priority: 101 }),
        says: "tcp 0-442, 444-65535",
        where: "extra",
      },
      {
        title: "a UDP port",
        stack: () => withRule({ protocol: "Udp", destinationPortRange: "443" }),
        says: "udp 443",
        where: "extra",
      },
      {
        title: "ports in a list",
        stack: () => withRule({ destinationPortRange: undefined, destinationPortRanges: ["443", "8443-8444"] }),
        says: "tcp 8443-8444",
        where: "extra",
      },
      {
        title: "half of the Internet",
        stack: () => withRule({ sourceAddressPrefix: "128.0.0.0/1" }),
        says: "(128.0.0.0/1)",
        where: "extra",
      },
      {
        title: "everybody in IPv6",
        stack: () => withRule({ sourceAddressPrefix: "::/0" }),
        says: "tcp 80",
        where: "extra",
      },
      {
        title: "a source among several",
        stack: () => withRule({ sourceAddressPrefix: undefined, sourceAddressPrefixes: ["10.0.0.0/8", "0.0.0.0/0"] }),
        says: "tcp 80",
        where: "extra",
      },
      {
        title: "443 denied before it is allowed",
        stack: () =>
          changed(withRule({ access: "Deny", priority: 99, destinationPortRange: "443" }), "https", ["priority"], 150),
        says: "nsg does not let the Internet reach tcp 443",
        where: "nsg",
      },
      {
        title: "443 open to a prefix only",
        stack: () => changed(stack, "https", ["sourceAddressPrefix"], "198.51.100.0/24"),
        says: "does not let the Internet reach tcp 443",
        where: "nsg",
      },
      {
        title: "no rule for 443",
        stack: () => without(stack, "https"),
        says: "does not let the Internet reach tcp 443",
        where: "nsg",
      },
      {
        title: "a public address that nothing guards",
        stack: () => changed(stack, "subnet", ["networkSecurityGroup"], undefined),
        says: "nic has a public address and no network security group",
        where: "nic",
      },
      {
        title: "a rule inside the group",
        stack: () => changed(stack, "nsg", ["securityRules"], [nsgRule({ name: "inline" })]),
        says: "inline lets the Internet",
        where: "nsg",
      },
      {
        title: "an API version in the type",
        stack: () => added(stack, "azure-native:network/v20230501:SecurityRule", "extra", nsgRule({})),
        says: "tcp 80",
        where: "extra",
      },
    ],
    "MFA-NET-002": [
      {
        title: "SSH open to the Internet",
        stack: () => changed(stack, "management", ["sourceAddressPrefix"], "Internet"),
        says: "allow-management opens tcp 22 to Internet",
        where: "management",
      },
      {
        title: "Remote Desktop in a range",
        stack: () => withRule({ destinationPortRange: "3000-4000", sourceAddressPrefix: "*" }),
        says: "tcp 3389 to *",
        where: "extra",
      },
      {
        title: "a public prefix that is too wide",
        stack: () => withRule({ destinationPortRange: "22", sourceAddressPrefix: "203.0.0.0/16" }),
        says: "opens tcp 22 to 203.0.0.0/16",
        where: "extra",
      },
      {
        title: "a service tag of others",
        stack: () => withRule({ destinationPortRange: "5986", sourceAddressPrefix: "AzureCloud" }),
        says: "tcp 5986 to AzureCloud",
        where: "extra",
      },
    ],
    "MFA-NET-003": [
      { title: "no A record", stack: () => without(stack, "record"), says: "no A record", where: "" },
      {
        title: "another address",
        stack: () => changed(stack, "record", ["aRecords", 0, "ipv4Address"], "198.51.100.7"),
        says: "record points at 198.51.100.7; the host's public address is 203.0.113.10",
        where: "record",
      },
      {
        title: "no address",
        stack: () => changed(stack, "record", ["aRecords"], []),
        says: "record points at nothing",
        where: "record",
      },
    ],
    "MFA-HOST-001": [
      {
        title: "no domain join",
        stack: () => without(stack, "join"),
        says: "vm has no JsonADDomainExtension",
        where: "vm",
      },
      {
        title: "a join of another machine",
        stack: () => changed(stack, "join", ["vmName"], "vm-other"),
        says: "vm has no JsonADDomainExtension",
        where: "vm",
      },
      {
        title: "another extension",
        stack: () =>
          changed(changed(stack, "join", ["type"], "CustomScriptExtension"), "join", ["settings"], { fileUris: [] }),
        says: "no JsonADDomainExtension",
        where: "vm",
      },
    ],
    "MFA-DIR-001": [
      {
        title: "no membership of the people",
        stack: () => without(stack, "people"),
        says: "no Membership of this stack answers for the people",
        where: "mfa-users",
      },
      {
        title: "nobody in the group",
        stack: () => changed(stack, "people", ["people"], []),
        says: "nobody is in the group",
        where: "people",
      },
    ],
    "MFA-DIR-002": [
      {
        title: "somebody without a number",
        stack: () =>
          changed(
            stack,
            "people",
            ["unready"],
            [{ name: "carol", distinguishedName: "CN=Carol,DC=corp", reasons: ["noMobile", "disabled"] }],
          ),
        says: /carol has no mobile number, has a disabled account\n.*attribute mobile of CN=Carol,DC=corp/,
        where: "people",
      },
      {
        title: "nothing that checks",
        stack: () => changed(stack, "people", ["checkReadiness"], false),
        says: "nothing in this stack checks the people",
        where: "",
      },
    ],
    "MFA-DIR-003": [
      {
        title: "service account not a member",
        stack: () => changed(stack, "administrators", ["members"], ["PFUP_MFADEV01"]),
        says: "mfawebservice is not in PhoneFactor Admins".replace("mfawebservice", "MfaWebService"),
        where: "administrators",
      },
      {
        title: "another account in web.config",
        stack: () =>
          changed(stack, "app-config", ["appSettings", "WEB_SERVICE_SDK_AUTHENTICATION_USERNAME"], "CORP\\somebody"),
        says: "somebody is not in PhoneFactor Admins",
        where: "administrators",
      },
      {
        title: "no such group",
        stack: () => without(stack, "admins"),
        says: "the stack has no group PhoneFactor Admins",
        where: "",
      },
      {
        title: "no membership at all",
        stack: () => without(stack, "administrators"),
        says: "MfaWebService is not in",
        where: "admins",
      },
    ],
    "MFA-CERT-001": [
      {
        title: "asked for another name",
        stack: () => changed(stack, "certificate", ["dnsNames"], ["other.contoso.com"]),
        says: `no certificate of this stack is asked for ${hostName}`,
        where: "certificate",
      },
      {
        title: "issued for another name",
        stack: () => changed(stack, "certificate", ["certificatePem"], otherCertificate),
        says: `does not cover ${hostName}`,
        where: "certificate",
      },
      {
        title: "a wildcard of another level",
        stack: () => changed(stack, "certificate", ["dnsNames"], ["*.contoso.com"]),
        says: "is asked for",
        where: "certificate",
      },
      {
        title: "text that is no certificate",
        stack: () => changed(stack, "certificate", ["certificatePem"], "-----BEGIN nonsense"),
        says: "does not cover",
        where: "certificate",
      },
      { title: "no certificate", stack: () => without(stack, "certificate"), says: "no certificate", where: "" },
    ],
    "MFA-CERT-002": [
      {
        title: "expired",
        stack: () => changed(stack, "certificate", ["notAfter"], days(-1)),
        says: "certificate expired at",
        where: "certificate",
      },
      {
        title: "three days left",
        stack: () =>
          changed(changed(stack, "certificate", ["notBefore"], days(-87)), "certificate", ["notAfter"], days(3)),
        says: /in [23] days.*raise certificate\.renewBefore above 0\.08/s,
        where: "certificate",
      },
      {
        title: "not valid yet",
        stack: () => changed(stack, "certificate", ["notBefore"], days(1)),
        says: "is valid only from",
        where: "certificate",
      },
      {
        title: "no date",
        stack: () => changed(stack, "certificate", ["notAfter"], "soon"),
        says: "is soon, no date",
        where: "certificate",
      },
    ],
    "MFA-WEB-001": [
      {
        title: "a role service missing",
        stack: () => without(stack, "feature-Web-Metabase"),
        says: "nothing installs Web-Metabase",
        where: "",
      },
      {
        title: "a role service removed on the host",
        stack: () => changed(stack, "feature-Web-ISAPI-Ext", ["properties", "Ensure"], "Absent"),
        says: "Web-ISAPI-Ext is not installed",
        where: "feature-Web-ISAPI-Ext",
      },
    ],
    "MFA-WEB-002": [
      {
        title: "forbidden",
        stack: () => changed(stack, "isapi-Framework64", ["properties", "ItemPropertyValue"], "False"),
        says: "ASP.NET 4 (64 bit) is not allowed (False)",
        where: "isapi-Framework64",
      },
      {
        title: "not declared",
        stack: () => without(stack, "isapi-Framework"),
        says: "nothing allows ASP.NET 4 (32 bit)",
        where: "",
      },
    ],
    "MFA-WEB-003": [
      {
        title: "an http binding beside",
        stack: () => changed(stack, "site", ["properties", "BindingInfo", 1], { Protocol: "http", Port: 80 }),
        says: "Default Web Site answers on http port 80",
        where: "site",
      },
      {
        title: "no certificate",
        stack: () => changed(stack, "site", ["properties", "BindingInfo", 0, "CertificateThumbprint"], ""),
        says: "has no certificate",
        where: "site",
      },
      {
        title: "no binding",
        stack: () => changed(stack, "site", ["properties", "BindingInfo"], []),
        says: "Default Web Site has no binding",
        where: "site",
      },
      { title: "no site", stack: () => without(stack, "site"), says: "declares no web site", where: "" },
    ],
    "MFA-WORK-001": [
      {
        title: "right taken away",
        stack: () => changed(stack, "batch-logon", ["properties", "Identity"], ["BUILTIN\\Administrators"]),
        says: "PFUP_MFADEV01 does not hold the right",
        where: "batch-logon",
      },
      {
        title: "another right",
        stack: () => changed(stack, "batch-logon", ["properties", "Policy"], "Log_on_as_a_service"),
        says: "does not hold the right",
        where: "portal-account",
      },
      {
        title: "no account",
        stack: () => without(stack, "portal-account"),
        says: "the portal has no account of its own",
        where: "",
      },
    ],
    "MFA-WORK-002": [
      {
        title: "unqualified account",
        stack: () =>
          changed(stack, "app-config", ["appSettings", "WEB_SERVICE_SDK_AUTHENTICATION_USERNAME"], "MfaWebService"),
        says: "is MfaWebService, not DOMAIN\\name",
        where: "app-config",
      },
      {
        title: "empty password",
        stack: () => changed(stack, "app-config", ["appSettings", "WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD"], ""),
        says: "PASSWORD is empty",
        where: "app-config",
      },
      {
        title: "an IP address in the URL",
        stack: () =>
          changed(
            stack,
            "app-config",
            ["applicationSettings", "_pfwssdk_PfWsSdk"],
            "https://10.20.1.10/MultiFactorAuthWebServiceSdk/PfWsSdk.asmx",
          ),
        says: "names the IP address 10.20.1.10",
        where: "app-config",
      },
      {
        title: "no TLS",
        stack: () =>
          changed(
            stack,
            "app-config",
            ["applicationSettings", "_pfwssdk_PfWsSdk"],
            "http://localhost:4898/PfWsSdk.asmx",
          ),
        says: "not an https address",
        where: "app-config",
      },
      {
        title: "another page",
        stack: () => changed(stack, "app-config", ["applicationSettings", "_pfwssdk_PfWsSdk"], `https://${hostName}/`),
        says: "does not end with /PfWsSdk.asmx",
        where: "app-config",
      },
      {
        title: "no address",
        stack: () => changed(stack, "app-config", ["applicationSettings"], undefined),
        says: "_pfwssdk_PfWsSdk is empty",
        where: "app-config",
      },
    ],
  };
}

/** What each rule cannot tell, by its id. */
export function unknowns(stack: AnalyzedResource[]): Record<string, UnknownCase[]> {
  return {
    "MFA-NET-001": [
      {
        title: "a rule's source",
        stack: () => changed(stack, "https", ["sourceAddressPrefix"], UNKNOWN),
        where: "https",
      },
      {
        title: "which group guards the subnet",
        stack: () =>
          without(
            changed(stack, "subnet", ["networkSecurityGroup", "id"], UNKNOWN),
            "nsg",
            "https",
            "management",
            "deny",
          ),
        where: "nic",
      },
    ],
    "MFA-NET-002": [
      {
        title: "a rule's port",
        stack: () => changed(stack, "management", ["destinationPortRange"], UNKNOWN),
        where: "management",
      },
    ],
    "MFA-NET-003": [
      {
        title: "the record's address",
        stack: () => changed(stack, "record", ["aRecords", 0, "ipv4Address"], UNKNOWN),
        where: "record",
      },
      { title: "the host's address", stack: () => changed(stack, "address", ["ipAddress"], UNKNOWN), where: "record" },
    ],
    "MFA-HOST-001": [
      {
        title: "the extension's type",
        stack: () => changed(changed(stack, "join", ["type"], UNKNOWN), "join", ["settings"], UNKNOWN),
        where: "vm",
      },
    ],
    "MFA-DIR-001": [
      { title: "the people", stack: () => changed(stack, "people", ["people"], UNKNOWN), where: "people" },
    ],
    "MFA-DIR-002": [
      { title: "the people's numbers", stack: () => changed(stack, "people", ["unready"], UNKNOWN), where: "people" },
    ],
    "MFA-DIR-003": [
      {
        title: "the members",
        stack: () => changed(stack, "administrators", ["members"], UNKNOWN),
        where: "administrators",
      },
      {
        title: "the account in web.config",
        stack: () => changed(stack, "app-config", ["appSettings"], UNKNOWN),
        where: "administrators",
      },
    ],
    "MFA-CERT-001": [
      {
        title: "the certificate",
        stack: () => changed(stack, "certificate", ["certificatePem"], UNKNOWN),
        where: "certificate",
      },
    ],
    "MFA-CERT-002": [
      { title: "its end", stack: () => changed(stack, "certificate", ["notAfter"], UNKNOWN), where: "certificate" },
    ],
    "MFA-WEB-001": [
      {
        title: "a feature",
        stack: () => changed(stack, "feature-Web-Metabase", ["properties"], UNKNOWN),
        where: "feature-Web-Metabase",
      },
    ],
    "MFA-WEB-002": [
      {
        title: "whether it is allowed",
        stack: () => changed(stack, "isapi-Framework", ["properties", "ItemPropertyValue"], UNKNOWN),
        where: "isapi-Framework",
      },
    ],
    "MFA-WEB-003": [
      {
        title: "the bindings",
        stack: () => changed(stack, "site", ["properties", "BindingInfo"], UNKNOWN),
        where: "site",
      },
      {
        title: "the thumbprint",
        stack: () => changed(stack, "site", ["properties", "BindingInfo", 0, "CertificateThumbprint"], UNKNOWN),
        where: "site",
      },
    ],
    "MFA-WORK-001": [
      {
        title: "who holds the right",
        stack: () => changed(stack, "batch-logon", ["properties", "Identity", 0], UNKNOWN),
        where: "batch-logon",
      },
    ],
    "MFA-WORK-002": [
      {
        title: "the password",
        stack: () => changed(stack, "app-config", ["appSettings", "WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD"], UNKNOWN),
        where: "app-config",
      },
    ],
  };
}
