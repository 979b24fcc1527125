import { defineConfig } from "vitest/config";

/** Tests that start programs of their own: the Pulumi engine, a domain controller, a certificate authority, PowerShell, Mono. */
const programs = [
  "tests/cli/**/*.test.ts",
  "tests/components/**/*.test.ts",
  "tests/deployment/**/*.test.ts",
  "tests/environment/mend.test.ts",
  "tests/examples/**/*.test.ts",
  "tests/policies/**/*.test.ts",
  "tests/provider/**/*.test.ts",
  "tests/sandbox/**/*.test.ts",
  "tests/scripts/**/*.test.ts",
];

export default defineConfig({
  test: {
    watch: false,
    // Files run in another order each time; the tests of one file are often the steps of one story, and keep theirs.
    sequence: { shuffle: { files: true, tests: false } },
    teardownTimeout: 30_000,
    projects: [
      {
        test: {
          name: "quick",
          include: ["tests/**/*.test.ts"],
          exclude: programs,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "programs",
          include: programs,
          // Each engine and each domain controller wants a core and some hundred megabytes.
          maxWorkers: 2,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
