import { type Chapter, test } from "./step.ts";

export const portal: Chapter = {
  title: "Install Web Portal",
  steps: [
    {
      number: "1a",
      what: "Role service ASP.NET",
      class: "automated",
      resources: ["components/platform/WebServer.ts#WebServer"],
      rules: ["MFA-WEB-001"],
      tests: [
        test("components/graph.test.ts", "installs the role services that SDK, portal and app service need"),
        test("sandbox/host/dsc.test.ts", "a role service brings its role, its requirements and the default site"),
      ],
    },
    {
      number: "1b",
      what: "Role service IIS 6 Metabase Compatibility",
      class: "automated",
      resources: ["components/platform/WebServer.ts#WebServer"],
      rules: ["MFA-WEB-001"],
      tests: [test("sandbox/host/dsc.test.ts", "the MSIs want Visual C++ and the IIS 6 metabase, and say so")],
    },
    {
      number: "2",
      what: "Bind the certificate to Default Web Site",
      class: "automated",
      resources: ["components/platform/WebServer.ts#WebServer"],
      rules: ["MFA-WEB-003"],
      checks: ["certificate"],
      tests: [
        test("components/graph.test.ts", "binds https alone, under the public name, with the imported certificate"),
        test(
          "deployment/certificate.test.ts",
          "is renewed without a failed connection, and the old certificate goes when the new one answers",
        ),
      ],
    },
    {
      number: "3",
      what: "Install the User Portal",
      class: "automated",
      resources: ["components/workload/UserPortal.ts#UserPortal"],
      checks: ["user-portal"],
      tests: [test("sandbox/host/web.test.ts", "shows its log-on page to whoever comes")],
      note: "By its MSI, which no source documents a silent run of; proved by the page.",
    },
    {
      number: "4",
      what: "Configure the User Portal's URL and settings",
      class: "manual",
      manual: "user-portal-settings",
    },
    { number: "5", what: "Trusted IPs", class: "manual", manual: "user-portal-settings" },
    {
      number: "6",
      what: "Install the Web Service SDK",
      class: "automated",
      resources: ["components/workload/WebServiceSdk.ts#WebServiceSdk"],
      checks: ["sdk-credentials", "sdk-service-account"],
      tests: [
        test("components/graph.test.ts", "lets nobody into the SDK without a password"),
        test("sandbox/host/web.test.ts", "shows its operations and its description to a member"),
      ],
    },
    {
      number: "7",
      what: "Install the Mobile App Web Service",
      class: "automated",
      resources: ["components/workload/MobileAppWebService.ts#MobileAppWebService"],
      rules: ["MFA-LIFE-006"],
      tests: [test("components/graph.test.ts", "profile v8 has no Mobile App Web Service")],
      note: "Version 7 only.",
    },
    { number: "8", what: "Mobile App URL and account name", class: "manual", manual: "mobile-app-settings" },
    {
      number: "9",
      what: 'The account "MfaWebService" in "PhoneFactor Admins"',
      class: "automated",
      resources: ["components/platform/Directory.ts#Directory"],
      rules: ["MFA-DIR-003", "MFA-DIR-004", "MFA-DIR-005"],
      checks: ["phonefactor-admins"],
      tests: [
        test(
          "provider/directory/user.test.ts",
          "is created with a generated password that logs on, found unchanged, and deleted",
        ),
        test(
          "components/graph.test.ts",
          "puts both accounts and, after the join, the computer into PhoneFactor Admins",
        ),
      ],
    },
    {
      number: "10",
      what: "Find the folder of the Mobile App Web Service",
      class: "automated",
      resources: ["components/workload/MobileAppWebService.ts#MobileAppWebService"],
      tests: [test("provider/web/lifecycle.test.ts", "of a file that is not there says what makes it")],
    },
    {
      number: "11",
      what: "Edit its web.config",
      class: "automated",
      resources: ["provider/web/resource.ts#ConfigFile"],
      rules: ["MFA-WORK-002", "MFA-SEC-005"],
      tests: [
        test("provider/web/edit.test.ts", "the three settings of the Mobile App Web Service change and nothing else"),
        test("sandbox/host/web.test.ts", "reaches the SDK with the settings of its web.config, TLS verified"),
      ],
    },
    {
      number: "12",
      what: "Browse to it with the service account",
      class: "verified",
      checks: ["mobile-app-web-service", "sdk-service-account"],
      tests: [
        test("deployment/tamper.test.ts", "passes every check from outside"),
        test("sandbox/host/web.test.ts", "tells what is wrong with its settings, and works again when they are mended"),
      ],
    },
  ],
};
