import { at, lower, type Properties, UNKNOWN } from "../../values.ts";

/** Year in the version of Windows Server that a machine's image holds; `UNKNOWN` when the image does not say. */
export function windowsServerYear(properties: Properties): number | typeof UNKNOWN {
  const image = at(properties, "storageProfile", "imageReference");
  const [offer, sku] = [lower(at(image, "offer")), lower(at(image, "sku"))];
  if (offer !== "windowsserver" || sku === undefined) return UNKNOWN;
  const [year] = /\b(?:19|20)\d\d\b/.exec(sku) ?? [];
  return year === undefined ? UNKNOWN : Number(year);
}
