import * as pulumi from "@pulumi/pulumi";
import { namespace } from "../schema.ts";
import type { EnvironmentSource } from "../source.ts";
import { filesOf } from "./files.ts";
import { structured } from "./structured.ts";

const prefix = `${namespace}:`;

/** The configuration of the running Pulumi program. Secrets are handed out as secret outputs. */
export function pulumiSource(): EnvironmentSource<pulumi.Output<string>> {
  const all = pulumi.runtime.allConfig();
  return {
    name: `Pulumi.${pulumi.getStack()}.yaml`,
    keys: Object.keys(all).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : [])),
    get: (key) => structured(all[prefix + key]),
    isEncrypted: (key) => isConfigSecret(prefix + key),
    readFile: filesOf(process.cwd()),
    seal: (plain) => pulumi.secret(plain),
  };
}

/** The SDK knows which keys are encrypted but leaves the function out of its type declarations. */
function isConfigSecret(key: string): boolean | undefined {
  return (pulumi.runtime as { isConfigSecret?: (key: string) => boolean }).isConfigSecret?.(key);
}
