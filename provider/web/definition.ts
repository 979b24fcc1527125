import type { Connections } from "../connections/connections.ts";
import { defineResource } from "../engine/defineResource.ts";
import { configFileLifecycle } from "./lifecycle.ts";
import { type ConfigFileInputs, type ConfigFileOutputs, configFileInputs, configFileOutputs } from "./schema.ts";

export const configFile = defineResource<ConfigFileInputs, ConfigFileOutputs, Connections>({
  token: "mfakit:web:ConfigFile",
  description:
    "The named settings of one web.config on a Windows host. Only their values change; comments, order, unknown settings and encoding " +
    "stay byte for byte. Import by the file's path.",
  inputs: configFileInputs,
  outputs: configFileOutputs,
  secrets: ["appSettings"],
  lifecycle: configFileLifecycle,
});
