import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../../sandbox/host/runProgram.ts";
import type { CertificateAuthority } from "../../../sandbox/pki/index.ts";
import { type AgentLines, publicName } from "../../support/windowsHost.ts";

const contracts = JSON.parse(
  readFileSync(new URL("../../../provider/dsc/contracts.json", import.meta.url), "utf8"),
) as Record<string, { version: string }>;

/** The modules that the tests install, in the versions of the contracts. */
export const versions: Record<string, string> = Object.fromEntries(
  Object.entries(contracts)
    .filter(([name]) => !name.startsWith("$"))
    .map(([name, { version }]) => [name, version]),
);

interface DscResult {
  changed: boolean;
  inDesiredState: boolean;
  rebootRequired: boolean;
  current: Record<string, unknown>;
}

/** DSC requests through an agent; `get` and `apply` throw what the agent answers as an error. */
export function dscDriver(agent: AgentLines) {
  const raw = (method: string, resource: string, properties: object, more: object = {}) => {
    const [module = "", name = ""] = resource.split("/");
    return agent.request(method, { module, version: versions[module], resource: name, properties, ...more });
  };
  const ask = async (method: string, resource: string, properties: object): Promise<DscResult> => {
    const answer = await raw(method, resource, properties);
    if (answer.ok !== true) throw new Error(`${resource}: ${JSON.stringify(answer.error)}`);
    return answer.result as DscResult;
  };
  return {
    raw,
    get: (resource: string, properties: object) => ask("dsc.get", resource, properties),
    apply: (resource: string, properties: object) => ask("dsc.apply", resource, properties),
  };
}

/** A PFX for the public name, made by openssl: with 3DES as older Windows versions read it, or with AES. */
export async function makePfx(
  authority: CertificateAuthority,
  password: string,
  options: { notAfter?: Date; modern?: boolean; dnsNames?: string[] } = {},
): Promise<{ thumbprint: string; base64: string }> {
  const issued = await authority.issueCertificate({
    dnsNames: options.dnsNames ?? [publicName],
    ...(options.notAfter && { notAfter: options.notAfter }),
  });
  const folder = await mkdtemp(join(tmpdir(), "mfakit-pfx-"));
  try {
    await writeFile(join(folder, "key.pem"), issued.keyPem, { mode: 0o600 });
    await writeFile(join(folder, "cert.pem"), issued.certPem);
    const algorithms = options.modern
      ? []
      : ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"];
    const parameters = ["-export", "-inkey", join(folder, "key.pem"), "-in", join(folder, "cert.pem")];
    const target = ["-certfile", authority.caFile, "-out", join(folder, "out.pfx"), "-passout", "stdin"];
    const made = await runProgram("openssl", ["pkcs12", ...parameters, ...algorithms, ...target], {
      input: `${password}\n`,
    });
    if (made.exitCode !== 0) throw new Error(made.stderr);
    const thumbprint = new X509Certificate(issued.certPem).fingerprint.replaceAll(":", "");
    return { thumbprint, base64: (await readFile(join(folder, "out.pfx"))).toString("base64") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
