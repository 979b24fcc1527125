/** Front of the principal name, and what the directory knows beside it. */
const people = [
  { name: "alice", givenName: "Alice", surname: "Adams", mobile: "+44 20 7946 0101" },
  { name: "bob", givenName: "Bob", surname: "Brown", mobile: "+44 20 7946 0102" },
  { name: "carol", givenName: "Carol", surname: "Clark", mobile: "+44 20 7946 0103" },
  // Not a member of "MFA Users": adding dave shows what a missing phone number and a missing licence do.
  { name: "dave", givenName: "Dave", surname: "Davis" },
];

/** What was in the domain before the kit came: the organisation's units, the two accounts that deploy, and its people. */
export function directorySeed(baseDn: string, secrets: { domainJoinPassword: string; directoryPassword: string }) {
  const unit = `OU=People,${baseDn}`;
  return {
    units: [`OU=Servers,${baseDn}`, `OU=MFA,${baseDn}`, unit],
    accounts: [
      {
        name: "svc-domainjoin",
        password: secrets.domainJoinPassword,
        delegations: [{ unit: `OU=Servers,${baseDn}`, may: "joinComputers" as const }],
      },
      {
        name: "svc-mfakit",
        password: secrets.directoryPassword,
        delegations: [{ unit: `OU=MFA,${baseDn}`, may: "manage" as const }],
      },
    ],
    people: people.map((person) => ({ ...person, unit })),
  };
}

/** The same people in Entra ID, as Entra Connect would have brought them there; all but dave with a licence. */
export function synchronisedPeople(domain: string) {
  return people.map(({ name }) => ({
    userPrincipalName: `${name}@${domain}`,
    onPremises: { samAccountName: name, domainName: domain },
    licences: name === "dave" ? [] : [{ sku: "AAD_PREMIUM" }],
  }));
}
