/** Longest sAMAccountName of a user account in Active Directory. */
const longestAccountName = 20;

/**
 * The account of the User Portal's application pool, `PFUP_<computer>` as the product's own set-up names it.
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
