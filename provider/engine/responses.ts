import type { CheckFailure, PropertyChange } from "./definition.ts";
import type { CheckResult, DiffResult } from "./handlers.ts";
import { providerMessages as messages } from "./protocol.ts";
import { encodeProperties } from "./struct.ts";

type CheckResponse = InstanceType<typeof messages.CheckResponse>;
type DiffResponse = InstanceType<typeof messages.DiffResponse>;

export function checkResponse(result: CheckResult): CheckResponse {
  const response = new messages.CheckResponse();
  response.setInputs(encodeProperties(result.inputs));
  response.setFailuresList(checkFailures(result.failures));
  return response;
}

export function checkFailures(failures: CheckFailure[] = []): InstanceType<typeof messages.CheckFailure>[] {
  return failures.map(({ property, reason }) => {
    const failure = new messages.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

export function diffResponse(result: DiffResult): DiffResponse {
  const response = new messages.DiffResponse();
  response.setChanges(diffChanges[result.changes ?? "unknown"]);
  response.setReplacesList(result.replaces ?? []);
  response.setDiffsList(result.diffs ?? []);
  response.setStablesList(result.stables ?? []);
  response.setDeletebeforereplace(result.deleteBeforeReplace ?? false);
  if (result.detailedDiff !== undefined) {
    response.setHasdetaileddiff(true);
    for (const [path, change] of Object.entries(result.detailedDiff)) {
      const difference = new messages.PropertyDiff();
      difference.setKind(changeKinds[change.kind]);
      difference.setInputdiff(change.inputDiff ?? false);
      response.getDetaileddiffMap().set(path, difference);
    }
  }
  return response;
}

const diffChanges = {
  unknown: messages.DiffResponse.DiffChanges.DIFF_UNKNOWN,
  none: messages.DiffResponse.DiffChanges.DIFF_NONE,
  some: messages.DiffResponse.DiffChanges.DIFF_SOME,
} as const;

const changeKinds: Record<
  PropertyChange,
  (typeof messages.PropertyDiff.Kind)[keyof typeof messages.PropertyDiff.Kind]
> = {
  add: messages.PropertyDiff.Kind.ADD,
  delete: messages.PropertyDiff.Kind.DELETE,
  update: messages.PropertyDiff.Kind.UPDATE,
  "add-replace": messages.PropertyDiff.Kind.ADD_REPLACE,
  "delete-replace": messages.PropertyDiff.Kind.DELETE_REPLACE,
  "update-replace": messages.PropertyDiff.Kind.UPDATE_REPLACE,
};
