import { type Chapter, test } from "./step.ts";

export const notes: Chapter = {
  title: "Important Notes",
  steps: [
    {
      number: "1",
      what: 'The portal\'s account has "Log on as a batch job", also where a group policy defines the right',
      class: "automated",
      resources: ["components/workload/UserPortal.ts#UserPortal"],
      rules: ["MFA-WORK-001"],
      tests: [
        test(
          "components/graph.test.ts",
          "runs the portal under its own account, which first gets the batch-logon right",
        ),
        test(
          "provider/dsc/lifecycle.test.ts",
          "a log-on right that a group policy defines is set with a warning that names the policy",
        ),
        test("scripts/windows/agent.test.ts", "a user right names its holders and the group policy that defines it"),
      ],
    },
    {
      number: "2",
      what: "ISAPI extensions and filters are installed, ASP.NET 4 is allowed",
      class: "automated",
      resources: ["components/platform/WebServer.ts#WebServer"],
      rules: ["MFA-WEB-002"],
      tests: [
        test("components/graph.test.ts", "allows ASP.NET 4 in both widths, after the role services"),
        test("sandbox/host/web.test.ts", "isapi: ASP.NET is answered with 404.2"),
      ],
    },
    {
      number: "3",
      what: 'The account of web.config is in "PhoneFactor Admins"',
      class: "automated",
      resources: ["components/platform/Directory.ts#Directory"],
      rules: ["MFA-DIR-003"],
      checks: ["phonefactor-admins", "sdk-service-account"],
      tests: [test("sandbox/host/web.test.ts", "a service account that leaves the group is refused")],
    },
  ],
};
