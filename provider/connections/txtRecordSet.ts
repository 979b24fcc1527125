import { CHALLENGE_TTL } from "./challengeZone.ts";

/** A TXT record set of Azure DNS, as far as challenges touch it. */
export interface TxtRecordSet {
  etag?: string;
  properties: {
    TTL: number;
    TXTRecords?: { value: string[] }[];
    metadata?: Record<string, string>;
  };
}

/**
 * The record set with the owner's values in it. What the owner left there earlier goes, everybody else's values stay. The owner's
 * values are also listed in the set's metadata, so that a later run can tell them from others after a crash.
 */
export function withValues(current: TxtRecordSet | undefined, owner: string, values: string[]): TxtRecordSet {
  const others = withoutValues(current, owner);
  const missing = values.filter((value) => !textsOf(others).includes(value));
  return {
    etag: current?.etag,
    properties: {
      ...others?.properties,
      TTL: current?.properties.TTL ?? CHALLENGE_TTL,
      TXTRecords: [...(others?.properties.TXTRecords ?? []), ...missing.map((value) => ({ value: [value] }))],
      metadata: { ...others?.properties.metadata, [owner]: values.join(" ") },
    },
  };
}

/**
 * The record set without the owner's values; `undefined` when nothing of others is left and the set itself should go. The very
 * `current` comes back when there is nothing of the owner in it.
 */
export function withoutValues(current: TxtRecordSet | undefined, owner: string): TxtRecordSet | undefined {
  const own = current?.properties.metadata?.[owner];
  if (!current || own === undefined) return current;
  const values = new Set(own.split(" "));
  const { [owner]: _, ...metadata } = current.properties.metadata ?? {};
  const records = (current.properties.TXTRecords ?? []).filter((record) => !values.has(record.value.join("")));
  if (records.length === 0) return undefined;
  return { ...current, properties: { ...current.properties, TXTRecords: records, metadata } };
}

/** The texts of a set. The strings of one record are one text, cut only because a string ends at 255 bytes. */
export function textsOf(set: TxtRecordSet | undefined): string[] {
  return (set?.properties.TXTRecords ?? []).map((record) => record.value.join(""));
}
