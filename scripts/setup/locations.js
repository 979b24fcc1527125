import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { engineVersion, legoVersion, pebbleVersion, stepCaVersion, zlintVersion } from "./versions.js";

/** The checkout that this file belongs to. */
export const checkout = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** The kit's folder in the user's cache: `$XDG_CACHE_HOME/mfakit`, by default `~/.cache/mfakit`. */
export function cacheDirectory() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "mfakit");
}

/** The folder with `pulumi`, its language host and its plugin shims; it belongs at the front of PATH. */
export function engineDirectory() {
  return join(cacheDirectory(), `engine-v${engineVersion}`, "bin");
}

/** The certificate authority of the sandbox. */
export function pebbleBinary() {
  return join(cacheDirectory(), `pebble-v${pebbleVersion}`, "bin", "pebble");
}

/** Another ACME client, beside which the kit is measured. */
export function legoBinary() {
  return join(cacheDirectory(), `lego-v${legoVersion}`, "bin", "lego");
}

/** A second ACME server, for tests. */
export function stepCaBinary() {
  return join(cacheDirectory(), `step-ca-v${stepCaVersion}`, "bin", "step-ca");
}

/** A linter of certificates. */
export function zlintBinary() {
  return join(cacheDirectory(), `zlint-v${zlintVersion}`, "bin", "zlint");
}

/** The Node.js that runs the kit, whatever the machine's own is. */
export function kitNode() {
  return join(checkout, "node_modules", ".bin", "node");
}
