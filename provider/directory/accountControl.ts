/** Bits of userAccountControl that the kit decides (MS-ADTS 2.2.16). */
const ACCOUNT_DISABLED = 0x2;
const PASSWORD_NOT_REQUIRED = 0x20;
const NORMAL_ACCOUNT = 0x200;
const PASSWORD_NEVER_EXPIRES = 0x1_0000;

export interface AccountFlags {
  enabled: boolean;
  passwordNeverExpires: boolean;
}

export function accountFlags(userAccountControl: string | undefined): AccountFlags {
  const bits = Number(userAccountControl ?? "0");
  return {
    enabled: (bits & ACCOUNT_DISABLED) === 0,
    passwordNeverExpires: (bits & PASSWORD_NEVER_EXPIRES) !== 0,
  };
}

/** The value for these flags. Other bits stay as they are, except that an account without a required password is made to need one. */
export function withAccountFlags(present: string | undefined, flags: AccountFlags): string {
  const kept = Number(present ?? "0") & ~(ACCOUNT_DISABLED | PASSWORD_NEVER_EXPIRES | PASSWORD_NOT_REQUIRED);
  const disabled = flags.enabled ? 0 : ACCOUNT_DISABLED;
  const neverExpires = flags.passwordNeverExpires ? PASSWORD_NEVER_EXPIRES : 0;
  return String(kept | NORMAL_ACCOUNT | disabled | neverExpires);
}
