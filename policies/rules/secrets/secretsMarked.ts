import type { SecretRule } from "../../rule.ts";

export const secretsMarked: SecretRule = {
  kind: "secret",
  id: "MFA-SEC-001",
  family: "secrets",
  title: "Passwords and keys are marked as secrets.",
  prerequisite: "Baseline: no password in plain text in the state.",
  step: "Security baseline",
  rationale: "A value that is not marked is stored and shown in plain text by every preview.",
  level: "remediate",
  severity: "critical",
  references: [],
  secrets: {
    "azure-native:compute:VirtualMachine": [["osProfile", "adminPassword"]],
    "azure-native:compute:VirtualMachineScaleSet": [["virtualMachineProfile", "osProfile", "adminPassword"]],
    "azure-native:compute:VirtualMachineExtension": [["protectedSettings"]],
    "azure-native:compute:VirtualMachineRunCommandByVirtualMachine": [["protectedParameters"], ["runAsPassword"]],
    "azure-native:dbformysql:Server": [["administratorLoginPassword"]],
    "azure-native:dbforpostgresql:Server": [["administratorLoginPassword"]],
    "azure-native:keyvault:Secret": [["properties", "value"]],
    "azure-native:sql:Server": [["administratorLoginPassword"]],
    "azure-native:synapse:Workspace": [["sqlAdministratorLoginPassword"]],
    "azure-native:web:WebApp": [["siteConfig", "connectionStrings", "*", "connectionString"]],
    "mfakit:directory:User": [["password"]],
    "mfakit:dsc:Resource": [
      ["properties", "Credential", "password"],
      ["properties", "Content"],
    ],
    "mfakit:web:ConfigFile": [["appSettings", "*PASSWORD"]],
  },
};
