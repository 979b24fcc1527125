import { existsSync } from "node:fs";
import { unlink } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type ShelfStack, shelfPassword, shelfStack } from "./shelf/stack.ts";

const minutes = 60_000;
let stack: ShelfStack;

async function begin(body: string): Promise<ShelfStack> {
  stack = await shelfStack(body);
  return stack;
}

/** The notes in the state. */
async function notes() {
  return (await stack.resources()).filter(({ type }) => type === "shelf:notes:Note");
}

afterEach(() => stack?.remove());

const typical = `
  export const note = new shelf.Note("n", {
    name: "first", text: "hello", password: pulumi.secret("swordfish-1"), labels: { a: "1", "b.c": "2" }, lines: ["x", "y"],
  }, { provider });
  export const greeting = note.greeting;
`;

describe("a resource under the real engine", { timeout: 6 * minutes }, () => {
  it("is created, stays unchanged, shows drift by property, is mended and deleted", async () => {
    await begin(typical);

    await stack.succeed(["preview"]);
    expect(existsSync(path.join(stack.shelf, "first.json"))).toBe(false);

    await stack.succeed(["up", "--yes", "--skip-preview"]);
    expect(await stack.note("first")).toMatchObject({ text: "hello", kind: "plain", password: "swordfish-1" });
    await stack.succeed(["preview", "--expect-no-changes"]);
    await stack.succeed(["preview", "--refresh", "--expect-no-changes"]);
    const [before] = await notes();
    await stack.succeed(["refresh", "--yes", "--expect-no-changes"]);
    const { inputs, outputs, modified } = before ?? {};
    expect((await notes())[0]).toMatchObject({ inputs, outputs, modified });

    await stack.tamper("first", { text: "tampered", labels: { a: "1", "b.c": "other" }, lines: ["x", "y", "z"] });
    const drift = await stack.succeed(["preview", "--refresh", "--diff"]);
    expect(drift.output).toMatch(/~ text\s*: "tampered" => "hello"/);
    expect(drift.output).toMatch(/~ b\.c\s*: "other" => "2"/);
    expect(drift.output).toMatch(/- \[2\]: "z"/);
    expect(drift.output).not.toMatch(/[~+-] (name|kind|password)/);

    await stack.succeed(["up", "--yes", "--refresh", "--skip-preview"]);
    expect(await stack.note("first")).toMatchObject({
      text: "hello",
      labels: { a: "1", "b.c": "2" },
      lines: ["x", "y"],
    });
    await stack.succeed(["preview", "--refresh", "--expect-no-changes"]);

    await unlink(path.join(stack.shelf, "first.json"));
    const { output } = await stack.succeed(["up", "--yes", "--refresh", "--skip-preview"]);
    expect(output).toMatch(/shelf:notes:Note n created/);
    expect(await stack.note("first")).toMatchObject({ text: "hello" });

    await stack.succeed(["destroy", "--yes", "--skip-preview"]);
    expect(existsSync(path.join(stack.shelf, "first.json"))).toBe(false);
  });

  it("stores and shows no secret in plain text, wherever it is echoed", async () => {
    await begin(typical);
    await stack.lay("warn");
    const up = await stack.succeed(["up", "--yes", "--diff"]);
    const { token } = await stack.note("first");
    const state = await stack.stateText();
    for (const secret of ["swordfish-1", shelfPassword, String(token)]) {
      expect(state).not.toContain(secret);
      expect(up.output).not.toContain(secret);
    }
    expect(up.output).toContain("the shelf of [secret] is loose");
    expect(await stack.outputs()).toMatchObject({ greeting: "hello, swordfish-1!" });

    await stack.tamper("first", { password: "changed-outside" });
    const drift = await stack.succeed(["refresh", "--yes", "--diff"]);
    expect(drift.output).toMatch(/~ password/);
    expect(drift.output).not.toContain("changed-outside");
    expect(await stack.stateText()).not.toContain("changed-outside");
  });

  it("replaces when a property of replaceOn changes, deleting first", async () => {
    await begin(typical);
    await stack.succeed(["up", "--yes", "--skip-preview"]);
    await stack.declare(typical.replace('name: "first"', 'name: "second"'));
    const renamed = await stack.succeed(["up", "--yes", "--diff"]);
    expect(renamed.output).toMatch(/\+-shelf:notes:Note: \(replace\)/);
    expect(renamed.output).toMatch(/~ name: "first" => "second"/);
    expect(existsSync(path.join(stack.shelf, "first.json"))).toBe(false);
    expect(await stack.note("second")).toMatchObject({ text: "hello" });

    // A new note of the same name can be made only after the old one is gone.
    const again = typical.replace('name: "first", text: "hello"', 'name: "second", text: "new"');
    await stack.declare(again.replace("{ provider }", '{ provider, replaceOnChanges: ["text"] }'));
    await stack.succeed(["up", "--yes", "--skip-preview"]);
    expect(await stack.note("second")).toMatchObject({ text: "new" });
  });

  it("keeps a half-made object in the state and goes on with an update", async () => {
    // The half-made object travels in the error's header, however large it is.
    await begin(typical.replace('lines: ["x", "y"]', 'lines: ["x".repeat(300_000)]'));
    await stack.lay("partial");
    const first = await stack.run(["up", "--yes", "--skip-preview"]);
    expect(first.exitCode).not.toBe(0);
    expect(first.output).toContain("the ink ran out");
    const half = (await notes())[0];
    expect(half).toMatchObject({ id: "first", initErrors: ["the ink ran out"], outputs: { text: "" } });
    expect(await stack.stateText()).not.toContain("swordfish-1");
    const { token } = await stack.note("first");
    expect(await stack.stateText()).not.toContain(String(token));

    await stack.lay("partial");
    const second = await stack.run(["up", "--yes", "--skip-preview"]);
    expect(second.output).toContain("the ink ran out again");
    expect((await notes())[0]?.outputs?.text).toBe("half");

    await stack.succeed(["up", "--yes", "--skip-preview"]);
    expect(await stack.note("first")).toMatchObject({ text: "hello", token });
    await stack.succeed(["preview", "--refresh", "--expect-no-changes"]);
  });

  it("reports an error as its message alone, without stack and secrets", async () => {
    await begin(typical);
    await stack.lay("fail");
    const failed = await stack.run(["up", "--yes", "--skip-preview"]);
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toContain("the shelf fell down, and [secret] with it");
    expect(failed.output).not.toMatch(/^\s+at /m);
    await stack.lay("refuse");
    const refused = await stack.run(["up", "--yes", "--skip-preview"]);
    expect(refused.output).toContain("There is no place: the shelf is full. Buy another. [SHELF_FULL]");
  });

  it("imports an object that exists, with its secrets as secrets", async () => {
    await begin(typical);
    await stack.succeed(["up", "--yes", "--skip-preview"]);
    const urn = (await notes())[0]?.urn ?? "";
    await stack.succeed(["state", "delete", urn, "--yes"]);
    await stack.declare(typical.replace("{ provider }", '{ provider, import: "first" }'));
    const { output } = await stack.succeed(["up", "--yes", "--skip-preview"]);
    expect(output).toMatch(/shelf:notes:Note n imported/);
    expect(await stack.stateText()).not.toContain(String((await stack.note("first")).token));
    await stack.succeed(["preview", "--refresh", "--expect-no-changes"]);
  });

  it("ignores drift of what the program ignores", async () => {
    await begin(typical.replace("{ provider }", '{ provider, ignoreChanges: ["labels.a", "lines"] }'));
    await stack.succeed(["up", "--yes", "--skip-preview"]);
    await stack.tamper("first", { labels: { a: "9", "b.c": "2" }, lines: ["other"] });
    await stack.succeed(["preview", "--refresh", "--expect-no-changes"]);
    await stack.succeed(["refresh", "--preview-only", "--expect-no-changes"]);
    await stack.tamper("first", { labels: { a: "9", "b.c": "3" } });
    const { output } = await stack.succeed(["preview", "--refresh", "--diff"]);
    expect(output).toMatch(/~ b\.c\s*: "3" => "2"/);
  });

  it("plans an update that only the clock asks for", async () => {
    await begin(typical.replace('name: "first"', 'name: "first", renewAfter: "2031-05-01T00:00:00Z"'));
    const before = { SHELF_NOW: "2031-04-30T00:00:00Z" };
    const after = { SHELF_NOW: "2031-05-02T00:00:00Z" };
    await stack.succeed(["up", "--yes", "--skip-preview"], { env: before });
    await stack.succeed(["preview", "--expect-no-changes"], { env: before });
    const { output } = await stack.succeed(["preview", "--diff"], { env: after });
    expect(output).toMatch(/~ shelf:notes:Note: \(update\)/);
    expect(output).toMatch(/writtenAt: "2031-04-30T00:00:00.000Z"/);
    await stack.succeed(["up", "--yes", "--skip-preview"], { env: after });
    expect((await stack.note("first")).writtenAt).toBe("2031-05-02T00:00:00.000Z");
  });
});
