import { readFileSync } from "node:fs";
import type { Machine } from "../machine.ts";
import type { StoredCertificate } from "../state.ts";
import {
  findCertificate,
  isSelfSigned,
  parseCertificate,
  parsePfx,
  removeCertificate,
  storeCertificate,
} from "../windows/certificates.ts";
import { WindowsError } from "../windowsError.ts";
import {
  type Credential,
  type DscSemantics,
  type DscValue,
  flag,
  type Properties,
  required,
  text,
  wantsPresent,
} from "./semantics.ts";

/** A certificate with its private key, out of a PFX. */
export const pfxImport: DscSemantics = {
  get(machine, properties) {
    const found = find(machine, properties);
    return {
      ...identity(properties),
      Path: text(properties, "Path") ?? null,
      // The module answers what it was asked with; only the credential is left out.
      Content: text(properties, "Content") ?? null,
      Exportable: flag(properties, "Exportable") ?? false,
      Ensure: found?.hasPrivateKey === true ? "Present" : "Absent",
      FriendlyName: found?.friendlyName ?? null,
    };
  },

  test(machine, properties) {
    const found = find(machine, properties);
    if (!wantsPresent(properties)) return found === undefined;
    return found?.hasPrivateKey === true && hasFriendlyName(found, properties);
  },

  async set(machine, properties) {
    if (!wantsPresent(properties)) return remove(machine, properties);
    const present = find(machine, properties);
    if (present?.hasPrivateKey === true) {
      present.friendlyName = text(properties, "FriendlyName") ?? present.friendlyName;
      return false;
    }
    const password = (properties.Credential as Credential | undefined)?.password ?? "";
    const pfx = await parsePfx(readSource(machine, properties), password);
    const place = { location: required(properties, "Location"), store: required(properties, "Store") };
    const friendlyName = text(properties, "FriendlyName") ?? "";
    storeCertificate(
      machine,
      { ...place, friendlyName, exportable: flag(properties, "Exportable") ?? false },
      pfx.leaf,
      pfx.privateKeyPem,
    );
    // Windows files the issuers that come along as intermediates; a root it never trusts because of a PFX.
    for (const issuer of pfx.issuers)
      if (!isSelfSigned(issuer)) storeCertificate(machine, { location: place.location, store: "CA" }, issuer);
    return false;
  },
};

/** A certificate without a key. In the store Root of LocalMachine it becomes trusted by the machine's programs. */
export const certificateImport: DscSemantics = {
  get(machine, properties) {
    const found = find(machine, properties);
    return {
      ...identity(properties),
      Path: text(properties, "Path") ?? null,
      Content: text(properties, "Content") ?? null,
      Ensure: found === undefined ? "Absent" : "Present",
      FriendlyName: found?.friendlyName ?? null,
    };
  },

  test(machine, properties) {
    const found = find(machine, properties);
    if (!wantsPresent(properties)) return found === undefined;
    return found !== undefined && hasFriendlyName(found, properties);
  },

  set(machine, properties) {
    if (!wantsPresent(properties)) return remove(machine, properties);
    const place = { location: required(properties, "Location"), store: required(properties, "Store") };
    const stored =
      find(machine, properties) ?? storeCertificate(machine, place, parseCertificate(readSource(machine, properties)));
    stored.friendlyName = text(properties, "FriendlyName") ?? stored.friendlyName;
    return false;
  },
};

function find(machine: Machine, properties: Properties): StoredCertificate | undefined {
  const thumbprint = required(properties, "Thumbprint");
  if (!/^[0-9a-f]{40}$/i.test(thumbprint))
    throw new WindowsError(`'${thumbprint}' is not a valid thumbprint.`, { hresult: "invalidArgument" });
  return findCertificate(machine, required(properties, "Location"), required(properties, "Store"), thumbprint);
}

function identity(properties: Properties): Record<string, DscValue> {
  return {
    Thumbprint: required(properties, "Thumbprint"),
    Location: required(properties, "Location"),
    Store: required(properties, "Store"),
  };
}

function hasFriendlyName(found: StoredCertificate, properties: Properties): boolean {
  const wanted = text(properties, "FriendlyName");
  return wanted === undefined || wanted === found.friendlyName;
}

function remove(machine: Machine, properties: Properties): boolean {
  removeCertificate(
    machine,
    required(properties, "Location"),
    required(properties, "Store"),
    required(properties, "Thumbprint"),
  );
  return false;
}

function readSource(machine: Machine, properties: Properties): Buffer {
  const path = text(properties, "Path");
  const content = text(properties, "Content");
  if ((path === undefined) === (content === undefined)) {
    throw new WindowsError("Either Path or Content must be given, not both.", { hresult: "invalidArgument" });
  }
  if (content !== undefined) return Buffer.from(content, "base64");
  if (!machine.drive.exists(path as string))
    throw new WindowsError(`Certificate file '${path}' not found.`, { hresult: "fileNotFound" });
  return readFileSync(machine.drive.real(path as string));
}
