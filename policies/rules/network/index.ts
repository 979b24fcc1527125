import type { Rule } from "../../rule.ts";
import { managementPort } from "./managementPort.ts";
import { onlyHttpsFromInternet } from "./onlyHttpsFromInternet.ts";
import { publicAddressStays } from "./publicAddressStays.ts";
import { recordPointsAtHost } from "./recordPointsAtHost.ts";

export const network: readonly Rule[] = [onlyHttpsFromInternet, managementPort, recordPointsAtHost, publicAddressStays];
