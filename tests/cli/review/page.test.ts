import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { installedBrowser } from "../../support/browser.ts";
import { host, network, notKnownYet, recorded, secret, stateDocument } from "./documents.ts";
import { Folder, mfakit } from "./mfakit.ts";

const executablePath = installedBrowser();
const name =
  executablePath === undefined
    ? "the HTML page (skipped: no Chromium on PATH, nor in MFAKIT_BROWSER)"
    : "the HTML page";

describe.skipIf(executablePath === undefined)(name, () => {
  const folder = new Folder();
  const file = join(folder.path, "review.html");
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];

  beforeAll(async () => {
    const attack = '<img src="http://127.0.0.1:9/x.png" onerror="document.title=1"><a href="javascript:1">';
    const resources = [
      ...network(),
      host(secret({ ciphertext: "v1:a:b" })),
      recorded("azure-native:network:SecurityRule", attack, {
        ...network()[2]?.outputs,
        name: attack,
        priority: 130,
        destinationPortRange: "81",
      }),
      recorded("azure-native:keyvault:Vault", `vault-${"long".repeat(40)}`, {
        properties: { enableSoftDelete: notKnownYet },
      }),
    ];
    const earlier = folder.file(
      "earlier.json",
      mfakit(["review", "--state", folder.file("old.json", stateDocument(network("443"))), "--format", "json"]).stdout,
    );
    const settings = folder.file("settings.json", {
      exemptions: [{ rule: "MFA-HOST-002", urn: "*::vm", owner: "host-team", reason: "soon", expires: "2099-12-31" }],
    });
    const state = folder.file("state.json", stateDocument(resources));
    mfakit(["review", "--state", state, "--policy-config", settings, "--compare", earlier, "--output", file]);
    // Root in a container has no sandbox for the browser; the page is a local file of this test.
    browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
  });
  afterAll(async () => {
    await browser?.close();
    folder.remove();
  });
  beforeEach(async () => {
    requests.length = 0;
    page = await browser.newPage();
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return () => page.close();
  });

  test("loads nothing but itself, has no script, and takes names as text", async () => {
    expect(requests).toEqual([pathToFileURL(file).href]);
    expect(readFileSync(file, "utf8")).not.toMatch(/<script|<link|<img|@import|url\(/i);
    expect(await page.title()).toBe("Review of mfa-server/dev");
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
    expect(await page.getByText("onerror").count()).toBeGreaterThan(0);
  });

  test("shows every status, the evidence and how to mend it", async () => {
    const text = await page.textContent("body");
    for (const word of ["red", "cannot tell", "exempt", "green", "not applicable", "To mend it:"])
      expect(text).toContain(word);
    expect(text).toContain("Exempt until 2099-12-31 by host-team: soon");
    expect(text).toContain("securityProfile.encryptionAtHost");
    expect(text).toContain("components/platform/Network.ts:21");
    expect(text).toContain("Worse");
  });

  test.each([320, 375, 768, 1280])("has no sideways scrolling at %i pixels", async (width) => {
    await page.setViewportSize({ width, height: 800 });
    const measured = await page.evaluate<unknown>(`(() => {
      const outside = [...document.querySelectorAll("body *")].filter(
        (each) => each.getBoundingClientRect().right > innerWidth + 1,
      );
      return {
        scroll: document.documentElement.scrollWidth,
        outside: outside.map((each) => each.outerHTML.slice(0, 80)),
      };
    })()`);
    expect(measured).toEqual({ scroll: width, outside: [] });
  });

  test("has text that is large enough for a phone", async () => {
    await page.setViewportSize({ width: 375, height: 800 });
    const sizes = await page.evaluate<number[]>(
      `[...document.querySelectorAll("p, dd, dt, h3, h4, code")].map((each) =>
        Number.parseFloat(getComputedStyle(each).fontSize),
      )`,
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12);
  });

  test.each(["light", "dark"] as const)("has no accessibility violation that axe finds (%s)", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    const source = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
    await page.evaluate(readFileSync(source, "utf8"));
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[]; passes: object[] }> };
      };
      const result = await axe.run();
      return { found: result.violations.map(({ id, nodes }) => [id, nodes[0]?.html]), passes: result.passes.length };
    });
    expect(violations.found).toEqual([]);
    expect(violations.passes).toBeGreaterThan(10);
  });

  test("prints dark text on white, with nothing cut off", async () => {
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    // An A4 page without its margins at 96 dots per inch.
    await page.setViewportSize({ width: 688, height: 970 });
    const printed = await page.evaluate<unknown>(`(() => {
      const { backgroundColor, color } = getComputedStyle(document.body);
      const wide = [...document.querySelectorAll("body *")].filter((each) => each.getBoundingClientRect().right > 689);
      return { backgroundColor, color, wide: wide.map((each) => each.outerHTML.slice(0, 80)) };
    })()`);
    expect(printed).toEqual({ backgroundColor: "rgb(255, 255, 255)", color: "rgb(26, 30, 35)", wide: [] });
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(2);
  });
});
