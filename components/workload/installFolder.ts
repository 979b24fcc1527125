import { UserError } from "../../provider/engine/userError.ts";

/** Where the product's set-up program writes its folder: a 32-bit key on every Windows. */
export const installPathKey = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Positive Networks\\PhoneFactor";
export const installPathValue = "InstallPath";

/**
 * The product's folder, with a backslash at the end, from the data of its registry value. It is read and never assumed: the folder
 * was renamed between versions, and an upgrade keeps the old one.
 *
 * @throws UserError INSTALL_PATH_MISSING when the value is empty.
 */
export function installFolder(valueData: unknown): string {
  const [first] = Array.isArray(valueData) ? valueData : [valueData];
  const path = typeof first === "string" ? first.trim() : "";
  if (path === "") {
    throw new UserError("INSTALL_PATH_MISSING", {
      what: `${installPathValue} in ${installPathKey} is empty`,
      why: "the server's set-up program did not finish, or another program made the value",
      next: "Install Azure MFA Server on the host by hand, then run pulumi up --refresh.",
    });
  }
  return path.endsWith("\\") ? path : `${path}\\`;
}
