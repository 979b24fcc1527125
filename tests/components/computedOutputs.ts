/** Outputs that a provider would compute, as far as the program and the rules read them. */
export function computedOutputs(
  type: string,
  inputs: Record<string, unknown>,
  secret: (value: string) => unknown,
): Record<string, unknown> {
  const certificate = {
    thumbprint: "0123456789ABCDEF0123456789ABCDEF01234567",
    pfxBase64: secret("cGZ4"),
    pfxPassword: secret("pfx-password"),
    issuer: "Test CA",
    notBefore: "2026-01-01T00:00:00Z",
    notAfter: "2030-01-01T00:00:00Z",
    renewAfter: "2029-12-01T00:00:00Z",
    renewalBy: "lifetime",
    history: [],
  };
  const byType: Record<string, Record<string, unknown>> = {
    "azure-native:dns:Zone": { nameServers: ["ns1-01.azure-dns.com.", "ns2-01.azure-dns.net."] },
    "azure-native:resources:ResourceGroup": { name: inputs.resourceGroupName },
    "azure-native:network:VirtualNetwork": { name: inputs.virtualNetworkName },
    "azure-native:network:NetworkSecurityGroup": { name: inputs.networkSecurityGroupName },
    "azure-native:network:PublicIPAddress": { ipAddress: "203.0.113.10" },
    "azure-native:compute:VirtualMachine": {
      name: inputs.vmName,
      vmId: "7a0c0f3e-6f6d-4f7e-9d7e-000000000001",
      identity: { type: "SystemAssigned", principalId: "7a0c0f3e-6f6d-4f7e-9d7e-000000000002" },
    },
    "azure-native:keyvault:Vault": {
      properties: { ...(inputs.properties as object), vaultUri: `https://${inputs.vaultName}.vault.azure.net/` },
    },
    "mfakit:keyVault:Certificate": { secretUri: `${inputs.vaultUri}secrets/${inputs.name}`, version: "0".repeat(32) },
    "command:remote:Command": { stdout: "{}", stderr: "" },
    "mfakit:acme:Certificate": certificate,
    "mfakit:acme:ProvidedCertificate": certificate,
    "mfakit:directory:Group": { objectGuid: `guid of ${inputs.name}` },
    "mfakit:directory:User": {
      objectGuid: `guid of ${inputs.name}`,
      qualifiedName: `CORP\\${inputs.name}`,
      password: secret(`password of ${inputs.name}`),
    },
    "mfakit:directory:Membership": { people: ["alice", "bob", "carol"], unready: [] },
    "azuread:index/group:Group": { objectId: `id of ${inputs.displayName}` },
    "azuread:index/user:User": { objectId: `id of ${inputs.displayName}` },
    "mfakit:entra:Password": { password: secret(`password of ${inputs.accountName}`) },
    "mfakit:entra:Arrival": {
      users: ["MfaWebService", "PFUP_MFADEV01"].map((name) => ({ qualifiedName: `CORP\\${name}` })),
      groups: ["MFA Users", "PhoneFactor Admins"].map((name) => ({ name, objectGuid: `guid of ${name}` })),
    },
    "mfakit:entra:Licences": { counted: 3, licensed: 3, unlicensed: [], notFound: [] },
    "mfakit:dsc:Resource": { current: { ValueData: ["C:\\Program Files\\Multi-Factor Authentication Server\\"] } },
  };
  return byType[type] ?? {};
}
