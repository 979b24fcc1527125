import { join } from "node:path";

/** Where a sandbox keeps what: everything lives below one folder, `.sandbox/` of the checkout by default. */
export interface SandboxLayout {
  readonly root: string;
  /** What is running where: addresses, ports, process ids; no secrets. */
  readonly recordFile: string;
  readonly controlSocket: string;
  readonly logs: string;
  readonly pki: string;
  /** Generated passwords and keys, mode 0700. */
  readonly secrets: string;
  /** The environment's settings with the sandbox's endpoints in place of the real ones. */
  readonly environmentFile: string;
  /** CAs that the simulated Windows host and a visitor from outside trust: the sandbox's own and the ACME roots. */
  readonly trustedRootsFile: string;
  /** Pulumi's backend (state) and home. */
  readonly pulumiState: string;
  readonly pulumiHome: string;
  /** The folder of one part's own state. */
  part(name: string): string;
  log(name: string): string;
}

export function sandboxLayout(root: string): SandboxLayout {
  return {
    root,
    recordFile: join(root, "sandbox.json"),
    controlSocket: join(root, "supervisor.sock"),
    logs: join(root, "logs"),
    pki: join(root, "pki"),
    secrets: join(root, "secrets"),
    environmentFile: join(root, "Pulumi.dev.yaml"),
    trustedRootsFile: join(root, "trusted-roots.pem"),
    pulumiState: join(root, "pulumi", "state"),
    pulumiHome: join(root, "pulumi", "home"),
    part: (name) => join(root, "parts", name),
    log: (name) => join(root, "logs", `${name}.log`),
  };
}
