import { type Chapter, test } from "./step.ts";

export const configuring: Chapter = {
  title: "Configure the MFA Server",
  steps: [
    { number: "1", what: "Start the console", class: "manual", manual: "company-settings" },
    {
      number: "2",
      what: "Company settings",
      class: "manual",
      manual: "company-settings",
      rules: ["MFA-LIFE-001"],
      note: "Two-way text messages are refused: the service takes none since 24 February 2021.",
    },
    {
      number: "3",
      what: "Use Active Directory",
      class: "manual",
      manual: "directory-integration",
      note: "The default.",
    },
    { number: "4", what: "Add a synchronization item", class: "manual", manual: "directory-integration" },
    { number: "5", what: "Choose the group", class: "manual", manual: "directory-integration" },
    { number: "6", what: "Switch the synchronization on", class: "manual", manual: "directory-integration" },
    {
      number: "7",
      what: "See that users, phone numbers and accounts are in order",
      class: "verified",
      manual: "directory-integration",
      rules: ["MFA-DIR-002"],
      checks: ["phones"],
      tests: [
        test(
          "provider/directory/membership.test.ts",
          "names everybody of the group who cannot use MFA, and why, nested groups too",
        ),
      ],
      note: "Verified in the directory that they are imported from; what the console imported is looked at by a person.",
    },
    { number: "8", what: "Test a user", class: "manual", manual: "test-user", note: "Somebody answers a real phone." },
  ],
};
