import type { StackOutputs } from "../../components/stackOutputs.ts";
import { connectionsOf } from "../../environment/connections.ts";
import { deriveNames } from "../../environment/derive.ts";
import { type Directory, openDirectory } from "../../provider/connections/ldap.ts";
import { UserError } from "../../provider/engine/userError.ts";
import type { DeploymentContext } from "../context.ts";
import { captureEngine } from "../engine.ts";
import { loadContextEnvironment } from "../environment.ts";
import { type CheckResult, runChecks } from "./check.ts";
import { directoryChecks } from "./directoryChecks.ts";
import { publicChecks } from "./publicChecks.ts";
import { Visitor } from "./visitor.ts";

/**
 * Proves the procedure's steps from outside, by public surfaces alone.
 * @throws UserError `NOT_DEPLOYED` when the stack has no outputs.
 */
export async function verify(context: DeploymentContext): Promise<CheckResult[]> {
  const [environment, outputText] = await Promise.all([
    loadContextEnvironment(context),
    captureEngine(context, ["stack", "output", "--json", "--show-secrets"]),
  ]);
  const outputs = JSON.parse(outputText) as Partial<StackOutputs>;
  const { directory: accounts, serviceAccountPassword, publicIpAddress } = outputs;
  if (accounts === undefined || serviceAccountPassword === undefined || publicIpAddress === undefined) {
    throw new UserError("NOT_DEPLOYED", {
      what: `stack ${context.stack} has nothing to verify`,
      why: "it has no outputs, so no deployment of it has ended",
      next: "Deploy it first (`npm start` in the sandbox, else `pulumi up`).",
    });
  }
  const { settings, secrets } = environment;
  const { dnsServers, trustedRoots } = settings.publicEndpoint;
  const visitor = new Visitor({ dnsServers, trustedRoots });
  let directory: Promise<Directory> | undefined;
  const openOnce = () => {
    directory ??= openDirectory(connectionsOf(settings, secrets).directory);
    return directory;
  };
  try {
    return await runChecks(
      [...publicChecks(settings.mfaServer.mobileAppWebService !== undefined), ...directoryChecks],
      {
        settings,
        names: deriveNames(settings),
        serviceAccount: { name: accounts.serviceAccount, password: serviceAccountPassword },
        portalAccount: accounts.portalAccount,
        publicIpAddress,
        visitor,
        directory: openOnce,
      },
    );
  } finally {
    visitor.close();
    // A directory that could not be opened is a failed check already.
    await directory?.then((open) => open.close()).catch(() => undefined);
  }
}
