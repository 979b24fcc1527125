import type { Rule } from "./rule.ts";
import { certificate } from "./rules/certificate/index.ts";
import { directory } from "./rules/directory/index.ts";
import { host } from "./rules/host/index.ts";
import { licensing } from "./rules/licensing/index.ts";
import { lifecycle } from "./rules/lifecycle/index.ts";
import { network } from "./rules/network/index.ts";
import { secrets } from "./rules/secrets/index.ts";
import { webServer } from "./rules/web-server/index.ts";
import { workload } from "./rules/workload/index.ts";

/** Every rule of the pack, by family. */
export const rules: readonly Rule[] = [
  ...licensing,
  ...directory,
  ...network,
  ...host,
  ...certificate,
  ...webServer,
  ...workload,
  ...secrets,
  ...lifecycle,
];
