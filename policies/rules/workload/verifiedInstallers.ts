import { procedure } from "../../references.ts";
import { cannotTell, type Finding, type StackRule, violation } from "../../rule.ts";
import type { StackResource } from "../../stack.ts";
import { lower, UNKNOWN } from "../../values.ts";
import { dscProperty, dscResources } from "../web-server/dscResources.ts";

const sha256 = /^[0-9a-f]{64}$/i;
/** The set-up programs that the product's own set-up program puts on the host; its hash covers them. */
const fromProduct = /multifactorauthentication\w+\.msi$/;

export const verifiedInstallers: StackRule = {
  kind: "stack",
  id: "MFA-WORK-003",
  family: "workload",
  title: "What is installed on the host is the file that somebody recorded.",
  prerequisite: "Click on the Download link to download the MFA Server software.",
  step: "Get the MFA Server Software, step 9",
  rationale: "Set-up programs run as administrator; one that was changed on the way owns the host.",
  level: "mandatory",
  severity: "high",
  references: [procedure],
  check(stack) {
    const packages = dscResources(stack, "xPackage", "Package", "xMsiPackage", "MsiPackage");
    return packages.length === 0 ? { notApplicable: "no package in this stack" } : packages.flatMap(judge);
  },
};

function judge(file: StackResource): Finding[] {
  const [path, hash, algorithm] = ["Path", "FileHash", "HashAlgorithm"].map((name) => dscProperty(file, name));
  const property = "properties.FileHash";
  if (typeof path === "string" && fromProduct.test(path.toLowerCase())) return [];
  if (hash === UNKNOWN || algorithm === UNKNOWN || (path === UNKNOWN && hash === undefined)) {
    return [cannotTell(file.urn, `whether ${file.name} is verified before it runs`, undefined, property)];
  }
  if (typeof hash === "string" && sha256.test(hash) && lower(algorithm) === "sha256") return [];
  const what =
    hash === undefined ? "has no hash" : `has the ${String(algorithm ?? "unnamed")} hash ${String(hash)}, no SHA-256`;
  const mend = `give FileHash (Get-FileHash <file> -Algorithm SHA256) and HashAlgorithm: "SHA256"; for the product's installer: pulumi config set --path mfa-server:mfaServer.installer.sha256 <hash>`;
  return [violation(file.urn, `${file.name} ${what}`, mend, { property, value: hash })];
}
