import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { projectDirectory } from "../../support/environment.ts";
import { host, network, notKnownYet, previewDocument, recorded, secret, stateDocument, urnOf } from "./documents.ts";
import { Folder, mfakit, reportOf, ruleIn } from "./mfakit.ts";

const folder = new Folder();
afterAll(() => folder.remove());
const cipher = secret({ ciphertext: "v1:abcdefghijkl:ciphertextofthepassword" });

function review(option: "--state" | "--preview", document: object, ...args: string[]) {
  return reportOf(mfakit(["review", option, folder.file("document.json", document), "--format", "json", ...args]));
}

describe("a saved state", () => {
  test("is judged rule by rule, with the evidence", () => {
    const report = review("--state", stateDocument(network()));
    expect(report).toMatchObject({ project: "mfa-server", stack: "dev", source: "state", resources: 3 });
    const rule = ruleIn(report, "MFA-NET-001");
    expect(rule).toMatchObject({ status: "fail", severity: "critical" });
    expect(rule.findings).toMatchObject([
      {
        verdict: "violation",
        urn: urnOf("azure-native:network:SecurityRule", "web"),
        what: "web lets the Internet (Internet) reach tcp 80",
        // The file is the one of this checkout, wherever the program ran.
        program: { file: "components/platform/Network.ts", line: 21, column: 5 },
      },
    ]);
  });

  test("in the form of a file backend is the same", () => {
    const { deployment } = stateDocument(network()) as { deployment: object };
    const report = review("--state", { version: 3, checkpoint: { stack: "dev", latest: deployment } });
    expect(ruleIn(report, "MFA-NET-001").status).toBe("fail");
  });

  test("leaves out what waits for its deletion", () => {
    const resources = network().map((each) => (each.urn.endsWith("::web") ? { ...each, delete: true } : each));
    expect(ruleIn(review("--state", stateDocument(resources)), "MFA-NET-001").status).toBe("pass");
  });

  test("names the line of the settings that mends a finding", () => {
    const [finding] = ruleIn(review("--state", stateDocument([host(cipher)])), "MFA-HOST-004").findings;
    expect(finding?.mend).toContain("mfa-server:host.image.version");
    const line = `${finding?.setting?.line}`;
    expect(finding?.setting?.file).toBe("Pulumi.dev.yaml");
    expect(readLine("Pulumi.dev.yaml", Number(line))).toContain("version:");
  });

  test("of another project has no line of this one", () => {
    const foreign = JSON.parse(JSON.stringify(stateDocument(network())).replaceAll("::mfa-server::", "::shop::"));
    const report = review("--state", foreign);
    const [finding] = ruleIn(report, "MFA-NET-001").findings;
    expect(report.project).toBe("shop");
    expect(finding?.program?.file).toBe("/somewhere/else/components/platform/Network.ts");
    expect(finding?.setting).toBeUndefined();
  });
});

describe("a saved preview", () => {
  test("is judged by what will be there", () => {
    const steps = { web: "delete" };
    expect(ruleIn(review("--preview", previewDocument(network())), "MFA-NET-001").status).toBe("fail");
    expect(ruleIn(review("--preview", previewDocument(network(), steps)), "MFA-NET-001").status).toBe("pass");
  });

  test("says cannot tell of what is not known yet, and that is not green", () => {
    const rule = ruleIn(review("--preview", previewDocument(network(notKnownYet))), "MFA-NET-001");
    expect(rule.status).toBe("cannotTell");
    expect(rule.findings).toMatchObject([{ verdict: "cannotTell" }]);
  });

  test("has the outputs of what stays the same", () => {
    const steps = network().map((resource) => {
      const { outputs: _, ...newState } = resource;
      return { op: "same", urn: resource.urn, oldState: resource, newState };
    });
    expect(ruleIn(review("--preview", { steps, changeSummary: { same: 3 } }), "MFA-NET-001").status).toBe("fail");
  });

  test("that leaves out what stays the same is refused", () => {
    const document = { ...previewDocument(network()), changeSummary: { create: 3, same: 40 } };
    const { status, stderr } = mfakit(["review", "--preview", folder.file("part.json", document)]);
    expect(status).toBe(2);
    expect(stderr).toContain("leaves out 40 resources that stay as they are");
    expect(stderr).toContain("pulumi preview --json --show-sames");
  });

  test("does not take for missing what only a provider will answer", () => {
    const address = (more: object) =>
      previewDocument([
        recorded("mfa:workload:MfaServer", "mfa-server", {}),
        { ...recorded("azure-native:network:PublicIPAddress", "address", {}), ...more },
        recorded("azure-native:dns:RecordSet", "record", {
          recordType: "A",
          type: "Microsoft.Network/dnszones/A",
          aRecords: [{ ipv4Address: "203.0.113.10" }],
        }),
      ]);
    const status = (more: object) => ruleIn(review("--preview", address(more)), "MFA-NET-003").status;
    expect(status({ outputs: { ipAddress: "203.0.113.10" } })).toBe("pass");
    expect(status({ outputs: { ipAddress: "203.0.113.99" } })).toBe("fail");
    expect(status({ outputs: undefined })).toBe("cannotTell");
  });

  test("counts the last step of a resource that is replaced", () => {
    const [group, https, web] = network();
    const closed = recorded("azure-native:network:SecurityRule", "web", { ...web?.outputs, access: "Deny" });
    const document = previewDocument([group, https, web, closed].filter((each) => each !== undefined));
    expect(ruleIn(review("--preview", document), "MFA-NET-001").status).toBe("pass");
  });
});

describe("secrets", () => {
  const password = "Correct-Horse-Battery-9";
  const plain = secret({ plaintext: JSON.stringify(password) });

  test.each(["table", "json", "sarif", "junit", "markdown", "html"])(
    "are not in a %s, nor is their ciphertext",
    (format) => {
      for (const value of [plain, cipher]) {
        const machine = host(value);
        machine.outputs.securityProfile = value;
        machine.outputs.tags = { owner: value };
        const state = folder.file("secret.json", stateDocument([machine, ...network()]));
        const { stdout, stderr, status } = mfakit(["review", "--state", state, "--format", format]);
        expect(status).toBe(1);
        expect(stdout + stderr).not.toContain(password);
        expect(stdout + stderr).not.toContain("ciphertextofthepassword");
      }
    },
  );

  test("that are marked are fine, and one in plain text is red without being shown", () => {
    expect(ruleIn(review("--state", stateDocument([host(cipher)])), "MFA-SEC-001").status).toBe("pass");
    const state = folder.file("plain.json", stateDocument([host(password as unknown as object)]));
    const ran = mfakit(["review", "--state", state, "--format", "json"]);
    expect(ruleIn(reportOf(ran), "MFA-SEC-001")).toMatchObject({
      status: "fail",
      findings: [{ property: "osProfile.adminPassword" }],
    });
    expect(ran.stdout + ran.stderr).not.toContain(password);
  });
});

test("a part that is a secret does not hide the rest of what the program asks for", () => {
  const config = recorded(
    "mfakit:web:ConfigFile",
    "app",
    { path: "C:\\inetpub\\app\\web.config", appSettings: cipher },
    { inputs: { appSettings: { USER: "CORP\\service", PASSWORD: cipher } } },
  );
  const findings = ruleIn(review("--state", stateDocument([config])), "MFA-SEC-005").findings;
  expect(JSON.stringify(findings)).not.toContain("whether app holds a password");
});

describe("the threshold", () => {
  // Red: MFA-NET-001, critical and mandatory.
  const state = folder.file("threshold.json", stateDocument(network()));
  const run = (...args: string[]) => mfakit(["review", "--state", state, ...args]).status;

  test("is what the mandatory rules say", () => {
    expect(run()).toBe(1);
    const settings = folder.file("advisory.json", { baseline: "dev", rules: { "MFA-NET-001": "advisory" } });
    expect(run("--policy-config", settings)).toBe(0);
    expect(run("--policy-config", settings, "--fail-on", "critical")).toBe(1);
  });

  test("counts severities from the named one up", () => {
    const only = folder.file("only-low.json", stateDocument([host(cipher)]));
    const off = folder.file("off.json", { rules: Object.fromEntries(othersThan("MFA-HOST-004")) });
    const low = (...args: string[]) => mfakit(["review", "--state", only, "--policy-config", off, ...args]).status;
    expect([low("--fail-on", "low"), low("--fail-on", "medium"), low("--fail-on", "never")]).toEqual([1, 0, 0]);
  });

  test("never is never a no", () => expect(run("--fail-on", "never")).toBe(0));
});

describe("an exemption", () => {
  const state = folder.file("exempt.json", stateDocument(network()));
  const settings = (expires: string) =>
    folder.file("exemptions.json", {
      baseline: "dev",
      exemptions: [{ rule: "MFA-NET-001", urn: "*::web", owner: "net-team", reason: "legacy client", expires }],
    });

  test("is shown with who answers for it and until when", () => {
    const { status, stdout } = mfakit(["review", "--state", state, "--policy-config", settings("2099-12-31")]);
    expect(stdout).toMatch(/exempt +MFA-NET-001/);
    expect(stdout).toContain("exempt until 2099-12-31 by net-team: legacy client");
    expect(status).toBe(0);
  });

  test("that is past its day excuses nothing and is itself a finding", () => {
    const ran = mfakit(["review", "--state", state, "--policy-config", settings("2020-12-31"), "--format", "json"]);
    expect(ran.status).toBe(1);
    expect(ruleIn(reportOf(ran), "MFA-NET-001").status).toBe("fail");
    expect(ruleIn(reportOf(ran), "MFA-LIFE-004")).toMatchObject({ status: "fail" });
  });
});

function readLine(file: string, line: number): string | undefined {
  return readFileSync(join(projectDirectory, file), "utf8").split("\n")[line - 1];
}

function othersThan(id: string): [string, string][] {
  const ids = (JSON.parse(mfakit(["rules", "--json"]).stdout) as { id: string }[]).map((rule) => rule.id);
  return ids.filter((each) => each !== id).map((each) => [each, "disabled"]);
}
