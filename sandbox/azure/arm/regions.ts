/** Azure regions that a resource may be put into: public, US government and China clouds. */
const regions = new Set([
  ..."australiacentral australiaeast australiasoutheast brazilsouth canadacentral canadaeast centralindia centralus".split(
    " ",
  ),
  ..."eastasia eastus eastus2 francecentral francesouth germanynorth germanywestcentral israelcentral italynorth".split(
    " ",
  ),
  ..."japaneast japanwest koreacentral koreasouth mexicocentral newzealandnorth northcentralus northeurope".split(" "),
  ..."norwayeast norwaywest polandcentral qatarcentral southafricanorth southcentralus southeastasia southindia".split(
    " ",
  ),
  ..."spaincentral swedencentral switzerlandnorth switzerlandwest uaenorth uksouth ukwest westcentralus westeurope".split(
    " ",
  ),
  ..."westindia westus westus2 westus3".split(" "),
  ..."usgovarizona usgovtexas usgovvirginia usdodcentral usdodeast".split(" "),
  ..."chinaeast chinaeast2 chinaeast3 chinanorth chinanorth2 chinanorth3".split(" "),
]);

/** "West Europe" and "westeurope" are one region. */
export function normalRegion(location: string): string {
  return location.toLowerCase().replaceAll(" ", "");
}

export function isRegion(location: string): boolean {
  return regions.has(location);
}
