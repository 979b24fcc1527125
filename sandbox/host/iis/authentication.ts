import type { IisState } from "../state.ts";
import { readAttribute, writeAttribute } from "./configuration.ts";

/** The authentication modes that the WebSite and WebApplication resources know. */
export const authenticationModes = ["Anonymous", "Basic", "Digest", "Windows"] as const;
export type AuthenticationMode = (typeof authenticationModes)[number];

function section(mode: AuthenticationMode): string {
  return `system.webServer/security/authentication/${mode.toLowerCase()}Authentication`;
}

/** Which modes are on at a location (`Default Web Site/MultiFactorAuth`). */
export function readAuthentication(iis: IisState, location: string): Record<AuthenticationMode, boolean> {
  const entries = authenticationModes.map((mode) => [
    mode,
    readAttribute(iis, location, section(mode), "enabled") === true,
  ]);
  return Object.fromEntries(entries) as Record<AuthenticationMode, boolean>;
}

/** Modes that are not named are switched off, as the module does. */
export function writeAuthentication(iis: IisState, location: string, wanted: Record<string, unknown>): void {
  for (const mode of authenticationModes)
    writeAttribute(iis, location, section(mode), "enabled", wanted[mode] === true);
}

export function sameAuthentication(iis: IisState, location: string, wanted: Record<string, unknown>): boolean {
  const current = readAuthentication(iis, location);
  return authenticationModes.every((mode) => current[mode] === (wanted[mode] === true));
}
