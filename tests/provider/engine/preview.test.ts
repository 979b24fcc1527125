import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type ShelfStack, shelfStack } from "./shelf/stack.ts";

let stack: ShelfStack;
afterEach(() => stack?.remove());

describe("a preview under the real engine", { timeout: 360_000 }, () => {
  it("says all mistakes of a resource at once and registers nothing", async () => {
    stack = await shelfStack(`
      new shelf.Note("n", {
        name: "First!", txt: "hello", kind: "fancy", copies: 12, lines: ["a", 5],
        box: { width: pulumi.secret("very wide"), dept: 2 },
      }, { provider });
    `);
    const { exitCode, output } = await stack.run(["preview"]);
    expect(exitCode).not.toBe(0);
    const problems = [...output.matchAll(/has a problem: (.*)/g)].map(([, problem]) => problem);
    expect(problems).toEqual(
      expect.arrayContaining([
        'name: must be lower-case letters, digits and hyphens, not "First!"',
        "text: is required",
        'kind: must be one of "plain", "rich", not "fancy"',
        "copies: must be at most 9, not 12",
        "lines[1]: must be text, not 5",
        "box.width: must be a number",
        'box.dept: is not known; did you mean "depth"? (known: width, depth)',
        expect.stringContaining('txt: is not known; did you mean "text"?'),
      ]),
    );
    expect(new Set(problems).size).toBe(8);
    expect(output).not.toContain("very wide");

    await stack.declare('new shelf.Note("m", { name: "ok", text: "this is forbidden" }, { provider });');
    expect((await stack.run(["preview"])).output).toContain("has a problem: text: must not say what is forbidden");
    expect(readdirSync(stack.shelf)).toEqual([]);
  });

  it("lets unknown values pass, knows what can be known, and still finds what is certainly wrong", async () => {
    const program = (kind: string) => `
      const label = new shelf.Label("l", { name: "one", colours: ["red"] }, { provider });
      const note = new shelf.Note("n", {
        name: "first", text: pulumi.interpolate\`at \${label.position}\`, kind: ${JSON.stringify(kind)},
        copies: label.position, labels: { place: pulumi.interpolate\`\${label.position}\` },
      }, { provider });
      const known = new shelf.Note("k", { name: "known", text: "hello" }, { provider });
      export const labelName = (label as any).name;
      export const place = label.position;
      export const unknownSum = note.sha256;
      export const knownSum = known.sha256;
    `;
    stack = await shelfStack(program("plain"));
    const { output } = await stack.succeed(["preview", "--diff"]);
    expect(output).toMatch(/place\s*: \[unknown\]/);
    expect(output).toMatch(/unknownSum\s*: \[unknown\]/);
    expect(output).toMatch(/knownSum\s*: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"/);
    expect(output).toMatch(/kind\s*: "plain"/);
    expect(readdirSync(stack.shelf)).toEqual([]);

    await stack.declare(program("fancy"));
    const wrong = await stack.run(["preview"]);
    const problems = [...wrong.output.matchAll(/has a problem: (.*)/g)].map(([, problem]) => problem);
    expect([...new Set(problems)]).toEqual(['kind: must be one of "plain", "rich", not "fancy"']);

    await stack.declare(program("plain"));
    await stack.succeed(["up", "--yes", "--skip-preview"]);
    expect(await stack.note("first")).toMatchObject({ text: "at 7", copies: 7, labels: { place: "7" } });
    await stack.succeed(["preview", "--refresh", "--expect-no-changes"]);
  });

  it("refuses a wrong provider configuration with one message per problem", async () => {
    stack = await shelfStack("");
    await stack.setProgram(`
      import * as shelf from ${JSON.stringify(path.join(import.meta.dirname, "shelf/resource.ts"))};
      new shelf.Provider("shelf", { paht: "/nowhere", password: 987654 });
    `);
    const { exitCode, output } = await stack.run(["preview"]);
    expect(exitCode).not.toBe(0);
    expect(output).toContain("folder.path: is required");
    expect(output).toContain("folder.password: must be text");
    expect(output).not.toContain("987654");
    expect(output).toContain('folder.paht: is not known; did you mean "path"? (known: path, password)');
  });

  it("never replaces resources because the connection changed", async () => {
    stack = await shelfStack('new shelf.Note("n", { name: "first", text: "hello" }, { provider });');
    await stack.succeed(["up", "--yes", "--skip-preview"]);
    await stack.setProgram(`
      import * as shelf from ${JSON.stringify(path.join(import.meta.dirname, "shelf/resource.ts"))};
      const provider = new shelf.Provider("shelf", { path: ${JSON.stringify(stack.shelf)}, password: "another" });
      new shelf.Note("n", { name: "first", text: "hello" }, { provider });
    `);
    const { output } = await stack.succeed(["up", "--yes", "--skip-preview"]);
    expect(output).toMatch(/pulumi:providers:shelf shelf updated/);
    expect(output).not.toMatch(/shelf:notes:Note n \w/);
    expect(existsSync(path.join(stack.shelf, "first.json"))).toBe(true);
  });

  it("stops a running create when the operation is interrupted", async () => {
    stack = await shelfStack('new shelf.Note("n", { name: "first", text: "hello" }, { provider });');
    await stack.lay("wait");
    const { exitCode, output } = await stack.run(["up", "--yes", "--skip-preview"], {
      onOutput: (text, engine) => text.includes("waiting for the end") && engine.interrupt(),
    });
    expect(exitCode).not.toBe(0);
    expect(output).toContain("The operation was cancelled");
    expect(existsSync(path.join(stack.shelf, "first.json"))).toBe(false);
    await stack.succeed(["up", "--yes", "--skip-preview"]);
    expect(existsSync(path.join(stack.shelf, "first.json"))).toBe(true);
  });

  it("ends a create at its custom timeout", async () => {
    const slow =
      'new shelf.Note("n", { name: "first", text: "hello" }, { provider, customTimeouts: { create: "1s" } });';
    stack = await shelfStack(slow);
    await stack.lay("wait");
    const { exitCode, output } = await stack.run(["up", "--yes", "--skip-preview"]);
    expect(exitCode).not.toBe(0);
    expect(output).toContain("The operation did not finish within 1 s");
  });
});
