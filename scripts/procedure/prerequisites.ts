import { type Chapter, test } from "./step.ts";

export const prerequisites: Chapter = {
  title: "Prerequisites",
  steps: [
    {
      number: "1",
      what: "A licence for each user",
      class: "verified",
      resources: ["components/platform/EntraLicences.ts#EntraLicences"],
      rules: ["MFA-LIC-001"],
      tests: [
        test("provider/entra/licences.test.ts", "a preview knows already who has none, and the up says the same"),
      ],
    },
    {
      number: "2",
      what: "A Windows Server that is supported, domain-joined and patched",
      class: "automated",
      resources: ["components/platform/WindowsHost.ts#WindowsHost"],
      rules: ["MFA-HOST-001", "MFA-HOST-005", "MFA-HOST-006"],
      checks: ["domain-join"],
      tests: [
        test("components/graph.test.ts", "is patched, encrypted, started securely, and loses its disk with itself"),
        test("components/graph.test.ts", "joins once, then gets OpenSSH, then the DSC modules"),
      ],
    },
    {
      number: "3",
      what: "Port 443 open to the Internet",
      class: "automated",
      resources: ["components/platform/Network.ts#Network", "components/platform/WebServer.ts#WebServer"],
      rules: ["MFA-NET-001"],
      tests: [
        test("components/rules.test.ts", "open 443 and nothing else when nobody may manage"),
        test("sandbox/host/dsc.test.ts", "the host's firewall can close the port"),
      ],
    },
    {
      number: "4",
      what: 'The group "MFA Users" and its members',
      class: "automated",
      resources: ["components/platform/Directory.ts#Directory"],
      rules: ["MFA-DIR-001"],
      checks: ["mfa-users"],
      tests: [
        test(
          "provider/directory/membership.test.ts",
          "adds who is missing, keeps others, and removes on destroy only whom it added",
        ),
      ],
    },
    {
      number: "5",
      what: "A mobile number in Active Directory for everybody",
      class: "verified",
      resources: ["components/platform/Directory.ts#Directory"],
      rules: ["MFA-DIR-002"],
      checks: ["phones"],
      tests: [
        test(
          "deployment/tamper.test.ts",
          "a person without a phone is refused by the policies before anything is touched",
        ),
        test("cli/people.test.ts", "prints everybody with what keeps them from MFA, nested groups too, and exits 3"),
      ],
    },
    {
      number: "6",
      what: "A valid certificate and a DNS entry",
      class: "automated",
      resources: ["components/platform/PublicEndpoint.ts#PublicEndpoint"],
      rules: ["MFA-CERT-001", "MFA-CERT-002", "MFA-NET-003"],
      checks: ["dns-name", "certificate"],
      tests: [
        test("components/graph.test.ts", "points at the public address and lets one authority issue"),
        test("deployment/certificate.test.ts", "serves the certificate of the stack, whose key cannot be exported"),
      ],
    },
    {
      number: "7",
      what: "An Office 365 tenant",
      class: "verified",
      rules: ["MFA-LIC-002", "MFA-LIFE-003"],
      tests: [],
    },
  ],
};
