/** Longest sAMAccountName of a user account in Active Directory. */
const longestAccountName = 20;

/**
 * The account of the User Portal's application pool. The set-up procedure implies the name `PFUP_<computer>` where it asks for the
 * right "Log on as a batch job"; who makes the account, and whether in the domain or on the host, is not documented (check on a host).
 * A domain account is the kit's choice.
 *
 * @throws Error when the name would be longer than Active Directory takes, which a valid Windows name (15 characters) never is.
 */
export function portalAccountName(computerName: string): string {
  const name = `PFUP_${computerName}`;
  if (name.length > longestAccountName) {
    throw new Error(
      `${name} is longer than the ${longestAccountName} characters that Active Directory takes for an account`,
    );
  }
  return name;
}
