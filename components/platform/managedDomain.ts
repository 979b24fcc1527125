/**
 * What a domain of Entra Domain Services cannot do for the product, one sentence each; `docs/entra.md` has the sources. Shown at
 * every run: none of it can be mended by a setting.
 */
export const managedDomainLimits: readonly string[] = [
  "A managed domain has no Domain or Enterprise Administrators for you; Microsoft's documents ask for one of them to register MFA Server with Active Directory.",
  "A managed domain's groups are read-only copies from Entra ID, which has no computer accounts of the domain: the host cannot be made a member of the administrators' group, as the product's documents want it.",
  "Accounts of a managed domain can log on only after a password change in Entra ID has made their hashes: where the service account does not arrive, change its password once.",
];
