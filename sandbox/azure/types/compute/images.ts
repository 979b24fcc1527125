/** What the simulator knows of Windows Server's marketplace images. */
interface Image {
  generation: 1 | 2;
  /** The version that `latest` means. */
  latest: string;
  /** Azure Edition: the only one that takes hotpatches. */
  azureEdition: boolean;
}

const latestByYear: Record<string, string> = {
  "2016": "14393.8688.251205",
  "2019": "17763.8148.251205",
  "2022": "20348.4529.251205",
  "2025": "26100.7456.251205",
};

/** SKUs of MicrosoftWindowsServer / WindowsServer: `2016-datacenter-gensecond`, `2022-datacenter-azure-edition`, ... */
const skuPattern =
  /^(2016|2019|2022|2025)-datacenter(-azure-edition)?(-core|-with-containers)?(-smalldisk)?(-gensecond|-g2)?(-gs)?$/;

/** The image, or `undefined` when the marketplace does not have it. */
export function findImage(publisher: string, offer: string, sku: string): Image | undefined {
  if (publisher.toLowerCase() !== "microsoftwindowsserver" || offer.toLowerCase() !== "windowsserver") return undefined;
  const match = skuPattern.exec(sku.toLowerCase());
  const [, year = "", azureEdition] = match ?? [];
  const latest = latestByYear[year];
  if (latest === undefined) return undefined;
  // Azure Edition is generation 2 throughout.
  const generation = azureEdition !== undefined || /-(gensecond|g2|gs)\b/.test(sku.toLowerCase()) ? 2 : 1;
  return { generation, latest, azureEdition: azureEdition !== undefined };
}
