import { type Chapter, test } from "./step.ts";

const setUp = {
  class: "automated",
  resources: ["components/workload/MfaServer.ts#MfaServer"],
  rules: ["MFA-WORK-003", "MFA-WORK-004"],
  tests: [
    test("sandbox/host/dsc.test.ts", "the server brings its services, its folder and its MSIs"),
    test("components/graph.test.ts", "runs only files whose hash is the recorded one, runtime libraries first"),
  ],
  note: "No silent switch is documented: `mfaServer.installer.arguments` are the operator's. Proved by the service and `InstallPath`.",
} as const;

export const installing: Chapter = {
  title: "Installing MFA Server",
  steps: [
    { number: "1", what: "Run the set-up program", ...setUp },
    {
      number: "2",
      what: "Choose the folder",
      ...setUp,
      tests: [
        test(
          "components/graph.test.ts",
          "finds the web services' set-up programs in the folder that the registry names",
        ),
      ],
      note: "The folder is read from the registry, never assumed.",
    },
    { number: "3", what: "Finish", ...setUp },
    {
      number: "4",
      what: "Skip the configuration wizard",
      class: "manual",
      manual: "activate",
      note: "Version 7 only.",
    },
    { number: "5", what: "Activate", class: "manual", manual: "activate", rules: ["MFA-HOST-007"] },
  ],
};
