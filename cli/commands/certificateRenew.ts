import { loadSettings } from "../../environment/load.ts";
import { yamlSource } from "../../environment/sources/yaml.ts";
import { UserError } from "../../provider/engine/userError.ts";
import { withRenewalTrigger } from "../certificate/renewalSettings.ts";
import { type ContextOptions, findContext } from "../context.ts";
import { runEngine } from "../engine.ts";
import { refreshSandboxSettings } from "../sandboxSettings.ts";

/**
 * `pulumi up` with a new renewal trigger: the engine previews, asks and updates as ever, so that whatever else has changed shows too.
 * Answers the engine's exit code.
 */
export async function main(options: ContextOptions & { yes?: boolean }): Promise<number> {
  const context = findContext(options);
  await refreshSandboxSettings(context);
  const { certificate } = loadSettings(yamlSource(context.configFile));
  if (certificate.source === "provided") {
    throw new UserError("CERTIFICATE_PROVIDED", {
      what: "the certificate cannot be renewed by the kit",
      why: "certificate.source is `provided`: it comes from the organisation's own authority",
      next: "Get another one there, put it into the settings (certificatePfx, or certificateFile and certificatePrivateKey), and run pulumi up.",
    });
  }
  return withRenewalTrigger(context.configFile, new Date().toISOString(), (configFile) =>
    runEngine({ ...context, configFile }, ["up", ...(options.yes === true ? ["--yes"] : [])]),
  );
}
