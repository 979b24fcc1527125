import { UserError } from "../../provider/engine/userError.ts";

/**
 * Where the product's folder is read: the 32-bit part of the registry. Microsoft documents the value for AD FS hosts, where it is
 * made by hand; that the server's set-up program writes it too is not documented (check on a host).
 */
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
      why: "the server's set-up program did not finish, or this version of it does not write the value (that it does is not documented)",
      next: "Install Azure MFA Server on the host by hand; where it is installed, write its folder into the value. Then run pulumi up --refresh.",
    });
  }
  return path.endsWith("\\") ? path : `${path}\\`;
}
