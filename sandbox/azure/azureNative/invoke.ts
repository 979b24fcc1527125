import type { InvokeRequest, InvokeResult } from "../../../provider/engine/handlers.ts";
import type { Properties } from "../../../provider/engine/values.ts";
import type { Arm } from "../arm/arm.ts";
import { asText } from "../arm/json.ts";
import { formatId } from "../arm/registry.ts";
import type { ArmClient } from "./client.ts";
import { fieldsOf, type Session } from "./handlers.ts";
import { pathInputs } from "./resourceShape.ts";
import { toSdk } from "./sdkShape.ts";
import { toJson } from "./values.ts";

/** The getters `get<Type>` of every simulated type, and who is logged in. */
export async function invoke(
  { token, args }: InvokeRequest,
  arm: Arm,
  client: ArmClient,
  session: Session,
  signal: AbortSignal,
): Promise<InvokeResult> {
  if (token === "azure-native:authorization:getClientConfig") {
    const { clientId, clientObjectId: objectId, tenantId } = arm.cloud;
    return { result: { clientId, objectId, subscriptionId: session.subscriptionId, tenantId } };
  }
  const [, module = "", name = ""] = token.split(":");
  const type = name.startsWith("get") ? arm.registry.ofToken(`azure-native:${module}:${name.slice(3)}`) : undefined;
  if (type === undefined) throw new Error(`the sandbox does not simulate the function '${token}'`);
  const given = toJson(args);
  const missing = pathInputs(type).names.filter((parameter) => asText(given[parameter]) === undefined);
  if (missing.length > 0) {
    return { failures: missing.map((property) => ({ property, reason: `missing required property '${property}'` })) };
  }
  const parameters = Object.fromEntries(
    pathInputs(type).names.map((parameter) => [parameter, asText(given[parameter]) as string]),
  );
  const id = formatId(type, {
    ...parameters,
    subscriptionId: session.subscriptionId,
    scope: (parameters.scope ?? "").replace(/^\//, ""),
  });
  const body = await client.get(id, type.apiVersion, signal);
  if (body === undefined) throw new Error(`request failed ${id}: the resource was not found`);
  return {
    result: {
      ...toSdk(fieldsOf(arm, type), body),
      id: asText(body.id) ?? id,
      azureApiVersion: type.apiVersion,
    } as Properties,
  };
}
