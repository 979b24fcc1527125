export const vault = "azure-native:keyvault:Vault";
