import { setTimeout as sleep } from "node:timers/promises";
import type { Connections } from "../connections/connections.ts";
import {
  type CertificatePlace,
  isRoleMissing,
  type KeyVaultClient,
  type VaultCertificate,
} from "../connections/keyVault.ts";
import type { Lifecycle, LifecycleContext } from "../engine/definition.ts";
import { compareInputs } from "../engine/difference.ts";
import { UserError } from "../engine/userError.ts";
import { equal, isUnknown } from "../engine/values.ts";
import { isOwn, withOwnTag, withoutOwnTag } from "./ownership.ts";
import type { CertificateInputs, CertificateOutputs } from "./schema.ts";

type Context = LifecycleContext<Connections>;

/** Milliseconds between two tries while a role spreads. */
const ROLE_PAUSE_MS = 5_000;

/**
 * One certificate of a vault. The thumbprint names what its current version shall be: another one is imported as a new version, under the
 * same name, so that whoever watches the name gets it.
 */
export const certificateLifecycle: Lifecycle<CertificateInputs, CertificateOutputs, Connections> = {
  check: ({ tags }) =>
    isUnknown(tags) || !("createdBy" in tags)
      ? []
      : [
          {
            property: "tags",
            reason: "createdBy is the tag by which the kit knows its own certificates; leave it out.",
          },
        ],

  diff: (_id, oldInputs, _outputs, newInputs) => compareInputs(wished(oldInputs), wished(newInputs)),

  preview({ vaultUri, name, thumbprint, tags }) {
    const secretUri = isUnknown(vaultUri) || isUnknown(name) ? {} : { secretUri: secretUriOf({ vaultUri, name }) };
    return { vaultUri, name, thumbprint, tags, ...secretUri };
  },

  async create(inputs, context) {
    const vault = await context.connections.keyVault();
    const current = await onceAllowed(inputs, context, () => findOwn(vault, inputs, context));
    return { id: idOf(inputs), outputs: outputsOf(inputs, await ensure(vault, current, inputs, context)) };
  },

  async read(id, old, context) {
    if (old === undefined) {
      throw new UserError("CERTIFICATE_NOT_IMPORTABLE", {
        what: `Importing the certificate ${id}`,
        why: "the vault does not hand its key to the program that would have to declare it",
        next: "Declare it: the next up makes a new version of it.",
      });
    }
    const vault = await context.connections.keyVault();
    const current = await vault.get(old.inputs, context.signal);
    if (current === undefined) return undefined;
    const { thumbprint } = current;
    return {
      id,
      inputs: { ...old.inputs, thumbprint, tags: withoutOwnTag(current.tags) },
      outputs: outputsOf(old.inputs, current),
    };
  },

  async update(_id, _outputs, inputs, _oldInputs, context) {
    const vault = await context.connections.keyVault();
    const current = await vault.get(inputs, context.signal);
    return outputsOf(inputs, await ensure(vault, current, inputs, context));
  },

  async delete(_id, outputs, _inputs, context) {
    await (await context.connections.keyVault()).delete(outputs, context.signal);
  },
};

/** Another PFX around the same certificate, or another patience, changes nothing in the vault. */
function wished({ vaultUri, name, thumbprint, tags }: CertificateInputs): object {
  return { vaultUri, name, thumbprint, tags };
}

/** What an earlier run of the kit left under this name, brought back if it was deleted. What is somebody else's stays theirs. */
async function findOwn(vault: KeyVaultClient, place: CertificatePlace, { signal, progress }: Context) {
  const current = await vault.get(place, signal);
  if (current !== undefined) {
    if (isOwn(current.tags)) return current;
    throw foreign(place, "KEY_VAULT_CERTIFICATE_EXISTS", "there is one already that the kit did not make");
  }
  const tags = await vault.deletedTags(place, signal);
  if (tags === undefined) return undefined;
  if (!isOwn(tags)) {
    throw foreign(place, "KEY_VAULT_CERTIFICATE_DELETED", "a deleted one that the kit did not make holds its name");
  }
  progress(`recovering the deleted certificate ${place.name}`);
  await vault.recover(place, signal);
  return vault.get(place, signal);
}

/** The current version as it shall be; imported only when it is another certificate, so that a lost answer costs no second version. */
async function ensure(
  vault: KeyVaultClient,
  current: VaultCertificate | undefined,
  inputs: CertificateInputs,
  { signal, progress }: Context,
): Promise<VaultCertificate> {
  const tags = withOwnTag(inputs.tags);
  if (current?.thumbprint === inputs.thumbprint) {
    return equal(current.tags, tags) ? current : vault.tag(inputs, current.version, tags, signal);
  }
  progress(`importing ${inputs.name} into the vault`);
  return vault.import(inputs, { pfxBase64: inputs.pfxBase64, pfxPassword: inputs.pfxPassword, tags }, signal);
}

/** A role that was assigned a moment ago is refused until Azure has told every part of the vault. */
async function onceAllowed<T>(inputs: CertificateInputs, context: Context, act: () => Promise<T>): Promise<T> {
  const deadline = context.now().getTime() + inputs.rolePatienceSeconds * 1000;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      const left = deadline - context.now().getTime();
      if (!isRoleMissing(error) || left <= 0) throw error;
      context.progress(
        `waiting until the vault knows the role of the identity that deploys (${Math.ceil(left / 1000)} s)`,
      );
      await sleep(Math.min(ROLE_PAUSE_MS, left), undefined, { signal: context.signal });
    }
  }
}

function outputsOf({ vaultUri, name }: CertificatePlace, current: VaultCertificate): CertificateOutputs {
  const { thumbprint, version, notAfter } = current;
  const secretUri = secretUriOf({ vaultUri, name });
  return { vaultUri, name, thumbprint, version, notAfter, secretUri, tags: withoutOwnTag(current.tags) };
}

function idOf({ vaultUri, name }: CertificatePlace): string {
  return `${withSlash(vaultUri)}certificates/${name}`;
}

/** Without a version: the extension then follows to whichever is current. */
function secretUriOf({ vaultUri, name }: CertificatePlace): string {
  return `${withSlash(vaultUri)}secrets/${name}`;
}

function withSlash(uri: string): string {
  return uri.endsWith("/") ? uri : `${uri}/`;
}

function foreign({ vaultUri, name }: CertificatePlace, code: string, why: string): UserError {
  return new UserError(code, {
    what: `The certificate ${name} in ${vaultUri}`,
    why,
    next: "Choose another name with certificate.keyVault.certificateName, or remove (and purge) that certificate.",
  });
}
