import type { GroupScope } from "./schema.ts";

/** Bits of groupType (MS-ADTS 2.2.12). */
const SCOPES: Readonly<Record<GroupScope, number>> = { Global: 0x2, DomainLocal: 0x4, Universal: 0x8 };
const SECURITY_ENABLED = 0x8000_0000;

/** groupType of a security group, as the signed 32-bit number that the directory stores. */
export function securityGroupType(scope: GroupScope): string {
  return String(SCOPES[scope] | SECURITY_ENABLED | 0);
}

export function scopeOf(groupType: string | undefined): GroupScope {
  const bits = Number(groupType ?? "0");
  const scope = (Object.keys(SCOPES) as GroupScope[]).find((each) => (bits & SCOPES[each]) !== 0);
  if (scope === undefined) throw new RangeError(`groupType ${groupType} names no scope`);
  return scope;
}

/** Only security groups can grant access; a distribution list cannot. */
export function isSecurityGroup(groupType: string | undefined): boolean {
  return (Number(groupType ?? "0") & SECURITY_ENABLED) !== 0;
}

/** The scopes to set one after the other: Active Directory does not convert between Global and DomainLocal except through Universal. */
export function scopeSteps(from: GroupScope, to: GroupScope): GroupScope[] {
  if (from === to) return [];
  return from === "Universal" || to === "Universal" ? [to] : ["Universal", to];
}
