import type { StackOutputs } from "../components/stackOutputs.ts";
import { UserError } from "../provider/engine/userError.ts";
import type { DeploymentContext } from "./context.ts";
import { captureEngine } from "./engine.ts";

/**
 * What the stack says about its public endpoint; no secret among it.
 * @throws UserError `NOT_DEPLOYED` when no deployment of it has ended.
 */
export async function publicOutputs(
  context: DeploymentContext,
): Promise<Pick<StackOutputs, "publicHostName" | "publicIpAddress" | "userPortalUrl" | "certificate">> {
  const outputs = JSON.parse(await captureEngine(context, ["stack", "output", "--json"])) as Partial<StackOutputs>;
  const { publicHostName, publicIpAddress, userPortalUrl, certificate } = outputs;
  if (
    publicHostName === undefined ||
    publicIpAddress === undefined ||
    userPortalUrl === undefined ||
    certificate === undefined
  ) {
    throw new UserError("NOT_DEPLOYED", {
      what: `stack ${context.stack} has no public endpoint`,
      why: "it has no outputs, so no deployment of it has ended",
      next: "Deploy it first (`npm start` in the sandbox, else `pulumi up`).",
    });
  }
  return { publicHostName, publicIpAddress, userPortalUrl, certificate };
}
