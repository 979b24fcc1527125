import { randomBytes, X509Certificate } from "node:crypto";
import type { Connections } from "../connections/connections.ts";
import { trustedCertificates } from "../connections/trust.ts";
import type { CheckFailure, Lifecycle, LifecycleContext } from "../engine/definition.ts";
import { UserError } from "../engine/userError.ts";
import { hasUnknown } from "../engine/values.ts";
import { certificateFacts, keyBelongsTo } from "./certificateFacts.ts";
import { renewalOf } from "./certificatePlan.ts";
import { asciiNames } from "./dnsNames.ts";
import { withHistory } from "./history.ts";
import { type BuiltChain, buildChain } from "./providedChain.ts";
import { providedProblems } from "./providedChecks.ts";
import { type ProvidedContent, readProvided } from "./providedContent.ts";
import type { ProvidedInputs, ProvidedOutputs } from "./providedSchema.ts";

type Context = LifecycleContext<Connections>;

/**
 * A certificate from an authority of the organisation's own, given by hand: checked in every preview, warned about when it is time for
 * another one, and offered in the form that an ACME certificate has. What an idle preview does not need is loaded when it is needed.
 */
export const providedLifecycle: Lifecycle<ProvidedInputs, ProvidedOutputs, Connections> = {
  async check(inputs, context) {
    if (hasUnknown(inputs)) return [];
    const content = await readProvided(inputs);
    if (Array.isArray(content)) return content;
    const problems = providedProblems(content, chainOf(content, inputs), inputs.dnsNames, context.now());
    if (problems.length === 0) warnWhenDue(content, inputs, context);
    const property = inputs.pfx === undefined ? "certificate" : "pfx";
    return problems.map((reason): CheckFailure => ({ property, reason }));
  },

  async preview(inputs, old) {
    if (hasUnknown(inputs)) return {};
    const { pfxBase64: _, ...known } = await outputsOf(inputs, old?.outputs);
    return known;
  },

  async create(inputs) {
    return { id: randomBytes(8).toString("hex"), outputs: await outputsOf(inputs, undefined) };
  },

  read(id, old, context) {
    if (!old) {
      throw new UserError("CERTIFICATE_NOT_IMPORTABLE", {
        what: `Importing certificate ${id}`,
        why: "a provided certificate is what the program gives, and nothing outside it",
        next: "Give the PFX, or the PEM and the key, in the settings.",
      });
    }
    if (keyBelongsTo(old.outputs.privateKeyPem, old.outputs.certificatePem)) return Promise.resolve({ id, ...old });
    context.warn("The certificate in the state is damaged; the next up takes it from the settings again.");
    return Promise.resolve(undefined);
  },

  async update(_id, oldOutputs, newInputs) {
    return outputsOf(newInputs, oldOutputs);
  },

  async delete() {},
};

async function outputsOf(inputs: ProvidedInputs, former: ProvidedOutputs | undefined): Promise<ProvidedOutputs> {
  const content = await readProvided(inputs);
  // `check` has refused it before.
  if (Array.isArray(content)) throw new Error(content.map(({ property, reason }) => `${property} ${reason}`).join(" "));
  const { leaf, key } = content;
  const pem = {
    certificatePem: leaf.toString(),
    chainPem: chainOf(content, inputs).issuers.join(""),
    privateKeyPem: key.export({ type: "pkcs8", format: "pem" }).toString(),
  };
  const facts = certificateFacts(pem.certificatePem);
  const { buildPfx, newPfxPassword } = await import("./pfx.ts");
  const password = former?.thumbprint === facts.thumbprint ? former.pfxPassword : newPfxPassword();
  return {
    ...pem,
    pfxBase64: buildPfx({ ...pem, password }, inputs.pfxEncryption).toString("base64"),
    pfxPassword: password,
    ...facts,
    dnsNames: asciiNames(inputs.dnsNames),
    ...renewalOf(facts, inputs.renewBefore, undefined),
    history: withHistory(facts, former),
  };
}

function chainOf({ leaf, others }: ProvidedContent, { trustedRoots }: ProvidedInputs): BuiltChain {
  const roots = () => trustedCertificates(trustedRoots).map((pem) => new X509Certificate(pem));
  // Reading a hundred roots takes time; a chain that comes whole needs none.
  const alone = buildChain(leaf, others, []);
  return alone.missing === undefined ? alone : buildChain(leaf, others, roots());
}

function warnWhenDue({ leaf }: ProvidedContent, { renewBefore }: ProvidedInputs, context: Context): void {
  const facts = certificateFacts(leaf.toString());
  const { renewAfter } = renewalOf(facts, renewBefore, undefined);
  if (Date.parse(renewAfter) > context.now().getTime()) return;
  context.warn(
    `The certificate ends ${facts.notAfter}. Ask your authority for another one and put it into the settings.`,
  );
}
