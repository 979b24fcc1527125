import { createHash, getHashes } from "node:crypto";
import { readFileSync } from "node:fs";
import { win32 } from "node:path";
import type { Machine } from "../machine.ts";
import { sameName } from "../names.ts";
import { type Installer, installerKind, recogniseInstaller } from "../product/installers.ts";
import { install, uninstall } from "../product/setup.ts";
import type { InstalledPackage } from "../state.ts";
import { readValue, removeValue, writeValue } from "../windows/registry.ts";
import { WindowsError } from "../windowsError.ts";
import { type DscSemantics, type DscValue, flag, type Properties, required, text, wantsPresent } from "./semantics.ts";

/** A setup program or MSI, found by product id or by the name that it shows. */
export const packageResource: DscSemantics = {
  get(machine, properties) {
    const check = registryCheck(properties);
    const base = {
      Name: required(properties, "Name"),
      ProductId: required(properties, "ProductId"),
      Path: required(properties, "Path"),
    };
    if (check !== undefined) {
      const isThere = checkHolds(machine, check);
      const registry = {
        InstalledCheckRegKey: check.key,
        InstalledCheckRegValueName: check.valueName,
        InstalledCheckRegValueData: check.data,
      };
      return { ...base, ...registry, Ensure: isThere ? "Present" : "Absent", Installed: isThere };
    }
    const found = findPackage(machine, base.ProductId, base.Name);
    if (found === undefined) return { ...base, Ensure: "Absent", Installed: false };
    return {
      ...base,
      ...entry(found),
      Name: found.displayName,
      ProductId: base.ProductId === "" ? found.id : base.ProductId,
      Ensure: "Present",
      Installed: true,
    };
  },

  test(machine, properties) {
    const check = registryCheck(properties);
    const isThere =
      check === undefined
        ? findPackage(machine, required(properties, "ProductId"), required(properties, "Name")) !== undefined
        : checkHolds(machine, check);
    return isThere === wantsPresent(properties);
  },

  async set(machine, properties) {
    const productId = required(properties, "ProductId");
    const name = required(properties, "Name");
    const installer = openInstaller(machine, properties);
    const check = registryCheck(properties);
    if (!wantsPresent(properties)) {
      uninstall(machine, findPackage(machine, productId, name)?.id ?? installer.productId);
      if (check !== undefined && flag(properties, "CreateCheckRegValue") === true)
        removeValue(machine.windows, check.key, check.valueName);
      return false;
    }
    if (needsSilence(installer) && !isSilent(text(properties, "Arguments") ?? "")) {
      throw new WindowsError(
        `${installer.fileName} waits for a person: Arguments has no switch for a silent installation.`,
        { hresult: "installFailure" },
      );
    }
    await install(machine, installer, required(properties, "Path"));
    if (check !== undefined && flag(properties, "CreateCheckRegValue") === true) {
      writeValue(machine.windows, check.key, check.valueName, { type: "String", data: [check.data] });
    }
    if (!(await packageResource.test(machine, properties))) {
      throw new WindowsError(
        `Package from ${required(properties, "Path")} was installed, but the specified ProductId and/or Name does not match package details.`,
        {
          hresult: "installFailure",
        },
      );
    }
    return false;
  },
};

/** An MSI, found by its product code. */
export const msiPackage: DscSemantics = {
  get(machine, properties) {
    const ProductId = productCode(properties);
    const found = findPackage(machine, ProductId, "");
    if (found === undefined) return { ProductId, Ensure: "Absent" };
    return {
      ProductId,
      Path: required(properties, "Path"),
      Name: found.displayName,
      InstallSource: found.installSource,
      ...entry(found),
      Ensure: "Present",
    };
  },

  test(machine, properties) {
    return (findPackage(machine, productCode(properties), "") !== undefined) === wantsPresent(properties);
  },

  async set(machine, properties) {
    const installer = openInstaller(machine, properties);
    if (installerKind(installer) !== "msi")
      throw new WindowsError(`'${required(properties, "Path")}' is no MSI package.`, { hresult: "installFailure" });
    if (!sameName(installer.productId, productCode(properties))) {
      throw new WindowsError(
        `The specified ProductId ${productCode(properties)} does not match the product code ${installer.productId} of '${required(properties, "Path")}'.`,
        { hresult: "invalidArgument" },
      );
    }
    if (wantsPresent(properties)) await install(machine, installer, required(properties, "Path"));
    else uninstall(machine, installer.productId);
    return false;
  },
};

function findPackage(
  machine: Machine,
  productId: string,
  name: string,
): (InstalledPackage & { id: string }) | undefined {
  const packages = Object.entries(machine.windows.packages);
  const found = packages.find(([id, entry]) =>
    productId === "" ? sameName(entry.displayName, name) : sameName(id, braced(productId)),
  );
  return found === undefined ? undefined : { id: found[0], ...found[1] };
}

function entry(found: InstalledPackage): Record<string, DscValue> {
  return {
    Version: found.version,
    Publisher: found.publisher,
    InstalledOn: `${found.installDate.slice(4, 6)}/${found.installDate.slice(6)}/${found.installDate.slice(0, 4)}`,
    Size: Math.round(found.sizeKilobytes / 1024),
  };
}

/** The file is there, has the wanted hash, and is an installer that the simulated Windows knows how to run. */
function openInstaller(machine: Machine, properties: Properties): Installer {
  const path = required(properties, "Path");
  if (!machine.drive.exists(path))
    throw new WindowsError(`Could not open the file path ${path}: it does not exist.`, { hresult: "fileNotFound" });
  const content = readFileSync(machine.drive.real(path));
  assertHash(content, path, properties);
  const installer = recogniseInstaller(content);
  if (installer === undefined) {
    throw new WindowsError(`${win32.basename(path)} is not a program or package that the simulated Windows can run.`, {
      hresult: "badExecutable",
    });
  }
  return installer;
}

function assertHash(content: Buffer, path: string, properties: Properties): void {
  const wanted = text(properties, "FileHash");
  if (wanted === undefined) return;
  const algorithm = (text(properties, "HashAlgorithm") ?? "SHA256").toLowerCase();
  if (!getHashes().includes(algorithm))
    throw new WindowsError(`The hash algorithm ${algorithm} is not available.`, { hresult: "invalidArgument" });
  const actual = createHash(algorithm).update(content).digest("hex");
  if (!sameName(actual, wanted)) {
    throw new WindowsError(
      `File '${path}' does not match expected value. Expected ${algorithm} hash is ${wanted} but it was ${actual}.`,
      { hresult: "invalidArgument" },
    );
  }
}

/** Of the product's own setup no switch is documented: an imaginary person clicks through its window. */
function needsSilence(installer: Installer): boolean {
  return installerKind(installer) === "exe" && installer.effect !== "mfaServer";
}

function isSilent(parameters: string): boolean {
  return /(^|\s)[/-](q[nb]?|quiet|s|silent|verysilent)(\s|$)/i.test(parameters);
}

interface RegistryCheck {
  key: string;
  valueName: string;
  data: string;
}

function registryCheck(properties: Properties): RegistryCheck | undefined {
  const key = text(properties, "InstalledCheckRegKey");
  if (key === undefined || key === "") return undefined;
  const hive = text(properties, "InstalledCheckRegHive") === "CurrentUser" ? "HKCU" : "HKLM";
  return {
    key: `${hive}\\${key}`,
    valueName: text(properties, "InstalledCheckRegValueName") ?? "",
    data: text(properties, "InstalledCheckRegValueData") ?? "",
  };
}

function checkHolds(machine: Machine, check: RegistryCheck): boolean {
  return readValue(machine.windows, check.key, check.valueName)?.data[0] === check.data;
}

function productCode(properties: Properties): string {
  const productId = required(properties, "ProductId");
  if (!/^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i.test(productId)) {
    throw new WindowsError(`The specified ProductId (${productId}) is not a valid Guid.`, {
      hresult: "invalidArgument",
    });
  }
  return braced(productId);
}

function braced(productId: string): string {
  return `{${productId.replace(/^\{|\}$/g, "")}}`;
}
