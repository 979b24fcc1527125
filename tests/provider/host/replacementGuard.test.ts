import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorkspace, type Workspace } from "../../support/engine.ts";
import { projectDirectory } from "../../support/environment.ts";

const program = `
import { ReplacementGuard } from ${JSON.stringify(`${projectDirectory}/provider/host/resource.ts`)};
const { machine = "MFADEV01", image = "2016", approval } = JSON.parse(process.env.GUARD ?? "{}");
new ReplacementGuard("guard", { machine, fixed: { "host.computerName": machine, "host.image": image, "host.trustedLaunch": true }, approval });
`;

describe("the guard of a machine", { timeout: 120_000, shuffle: false }, () => {
  let workspace: Workspace;
  const run = (guard: object, ...args: string[]) => workspace.run(args, { env: { GUARD: JSON.stringify(guard) } });

  beforeAll(async () => {
    workspace = await createWorkspace({ program, plugins: { mfakit: `${projectDirectory}/provider` } });
    await workspace.succeed(["up", "--yes"]);
  });
  afterAll(() => workspace?.remove());

  test("is silent while nothing changes", async () => {
    const { exitCode, output } = await run({}, "preview", "--refresh", "--expect-no-changes");
    expect(exitCode, output).toBe(0);
    expect(output).not.toContain("warning");
  });

  test.each(["preview", "up"])(
    "refuses another image in %s, and says what would happen and what approves it",
    async (command) => {
      const args = command === "up" ? ["up", "--yes", "--skip-preview"] : ["preview"];
      const { exitCode, output } = await run({ image: "2019" }, ...args);
      expect(exitCode).not.toBe(0);
      expect(output).toContain("Changing host.image from 2016 to 2019");
      expect(output).toContain("MFADEV01 would be deleted with everything on it");
      expect(output).toContain("pulumi config set --path mfa-server:host.replace MFADEV01");
      expect(output).not.toMatch(/\n\s+at /);
    },
  );

  test("an approval for another machine is none", async () => {
    const { exitCode, output } = await run({ machine: "MFADEV02", approval: "MFADEV02" }, "preview");
    expect(exitCode).not.toBe(0);
    expect(output).toContain("Changing host.computerName from MFADEV01 to MFADEV02");
  });

  test("takes an approval that names the machine which goes, and asks to remove one that has served", async () => {
    const approved = { image: "2019", approval: "mfadev01" };
    const up = await run(approved, "up", "--yes");
    expect(up.exitCode, up.output).toBe(0);
    const next = await run(approved, "preview", "--expect-no-changes");
    expect(next.exitCode, next.output).toBe(0);
    expect(next.output).toContain("the approval to replace MFADEV01 is still there: remove it");
  });

  test("does not stand in the way of a destroy", async () => {
    const { exitCode, output } = await run({}, "destroy", "--yes");
    expect(exitCode, output).toBe(0);
  });
});
