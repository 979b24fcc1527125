import { flushCompileCache } from "node:module";
import { PolicyPack } from "@pulumi/policy";
import { UserError } from "../provider/engine/userError.ts";
import { policyOf } from "./policy.ts";
import { rules } from "./rules.ts";
import { loadPolicySettings, type PolicySettings } from "./settings.ts";

const settings = readSettings();
new PolicyPack("mfa-server-prerequisites", {
  displayName: "Prerequisites of an Azure MFA Server host",
  description: "Each rule guards one prerequisite or note of the procedure; policies/README.md maps them.",
  policies: rules.map((rule) => policyOf(rule, settings)),
});
// The engine ends a pack by a signal; without this Node would keep nothing of what it compiled for the next start (NODE_COMPILE_CACHE).
setImmediate(flushCompileCache);

/** A mistake in the settings ends the pack with its text alone; the engine shows it. */
function readSettings(): PolicySettings {
  try {
    return loadPolicySettings();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
