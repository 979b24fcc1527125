import type { Stack } from "../../stack.ts";
import { lower, UNKNOWN } from "../../values.ts";
import { dscProperty, dscResources } from "../web-server/dscResources.ts";

export const mfaServer = "mfa:workload:MfaServer";
const productName = "multi-factor authentication server";

/** True when a stack carries the product: by the kit's component, or by a package of its name. `UNKNOWN` while that is not known. */
export function carriesProduct(stack: Stack): boolean | typeof UNKNOWN {
  if (stack.types.has(mfaServer)) return true;
  const names = dscResources(stack, "xPackage", "Package").map((each) => dscProperty(each, "Name"));
  if (names.some((name) => lower(name) === productName)) return true;
  return names.includes(UNKNOWN) ? UNKNOWN : false;
}
