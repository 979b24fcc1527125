import { createHash } from "node:crypto";

/** Application id of Microsoft Graph, the same in every tenant. */
export const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";

/** Application permissions of Microsoft Graph, by name. The ids are made up: programs look them up by name. */
export const graphRoles: Readonly<Record<string, string>> = Object.fromEntries(
  [
    "User.Read.All",
    "User.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Organization.Read.All",
    "LicenseAssignment.Read.All",
  ].map((name) => [name, roleId(name)]),
);

function roleId(name: string): string {
  const hex = createHash("sha256").update(`app role ${name}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
