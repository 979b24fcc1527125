/** What was in the domain before the kit came: the organisation's units, the two accounts that deploy, and its people. */
export function directorySeed(baseDn: string, secrets: { domainJoinPassword: string; directoryPassword: string }) {
  const people = `OU=People,${baseDn}`;
  return {
    units: [`OU=Servers,${baseDn}`, `OU=MFA,${baseDn}`, people],
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
    people: [
      { name: "alice", givenName: "Alice", surname: "Adams", unit: people, mobile: "+44 20 7946 0101" },
      { name: "bob", givenName: "Bob", surname: "Brown", unit: people, mobile: "+44 20 7946 0102" },
      { name: "carol", givenName: "Carol", surname: "Clark", unit: people, mobile: "+44 20 7946 0103" },
      // Not a member of "MFA Users": adding dave shows what a missing phone number does.
      { name: "dave", givenName: "Dave", surname: "Davis", unit: people },
    ],
  };
}
