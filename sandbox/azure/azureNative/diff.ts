import type { PropertyChange } from "../../../provider/engine/definition.ts";
import type { DiffRequest, DiffResult } from "../../../provider/engine/handlers.ts";
import { unwrapSecrets } from "../../../provider/engine/secrets.ts";
import { equal, formatPath, isObject, keysOf } from "../../../provider/engine/values.ts";
import { normalRegion } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { createBeforeDelete } from "./check.ts";
import { pathInputs } from "./resourceShape.ts";

/** Inputs against old inputs, never against outputs; only what azure-native marks forces a replacement. */
export function diff(request: DiffRequest, type: ResourceType): DiffResult {
  const olds = comparable(request.oldInputs);
  const news = comparable(request.newInputs);
  const changes: [path: (string | number)[], kind: PropertyChange][] = [];
  compare(olds, news, [], changes);
  const replaceOn = new Set([...pathInputs(type).names, ...type.replaceOn]);
  const detailedDiff: NonNullable<DiffResult["detailedDiff"]> = {};
  const replaces = new Set<string>();
  const diffs = new Set<string>();
  for (const [path, kind] of changes) {
    const top = String(path[0]);
    diffs.add(top);
    const replaced = replaceOn.has(top) && !isElementChange(path, kind);
    if (replaced) replaces.add(top);
    detailedDiff[formatPath(path)] = { kind: replaced ? (`${kind}-replace` as PropertyChange) : kind, inputDiff: true };
  }
  return {
    changes: changes.length === 0 ? "none" : "some",
    detailedDiff,
    replaces: [...replaces],
    diffs: [...diffs],
    deleteBeforeReplace: replaces.size > 0 && request.oldInputs[createBeforeDelete] !== true,
  };
}

/** An element that came or went never replaces by itself. */
function isElementChange(path: readonly (string | number)[], kind: PropertyChange): boolean {
  return typeof path.at(-1) === "number" && kind !== "update";
}

function comparable(inputs: DiffRequest["oldInputs"]): Record<string, unknown> {
  const {
    [createBeforeDelete]: _,
    azureApiVersion: _version,
    ...rest
  } = unwrapSecrets<Record<string, unknown>>(inputs);
  if (typeof rest.location === "string") rest.location = normalRegion(rest.location);
  return rest;
}

function compare(
  before: unknown,
  after: unknown,
  path: (string | number)[],
  changes: [(string | number)[], PropertyChange][],
): void {
  if (equal(before, after)) return;
  if (isObject(before) && isObject(after)) {
    for (const key of keysOf(before, after)) compare(before[key], after[key], [...path, key], changes);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let i = 0; i < Math.max(before.length, after.length); i++) compare(before[i], after[i], [...path, i], changes);
  } else {
    changes.push([path, before === undefined ? "add" : after === undefined ? "delete" : "update"]);
  }
}
