import type { UnreadyReason } from "../../provider/directory/schema.ts";

/** Why a person cannot use MFA, in words. */
export function reasonText(reason: UnreadyReason): string {
  return texts[reason];
}

const texts: Record<UnreadyReason, string> = {
  noMobile: 'no number in "mobile"',
  unreadableMobile: 'a number in "mobile" that cannot be called; with country code it is +44 20 7946 0000',
  mobileWithExtension: 'a number in "mobile" with an extension, which no text message reaches',
  disabled: "the account is disabled",
  expired: "the account is expired",
  noUserPrincipalName: "no userPrincipalName",
};
