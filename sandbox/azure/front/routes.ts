import { asText, valueAt } from "../arm/json.ts";
import { sameId } from "../arm/resourceId.ts";
import type { CloudSettings } from "../arm/resourceType.ts";
import type { Store } from "../arm/store.ts";
import { configurationsOf, machineOf } from "../types/network/networkInterface.ts";
import { allowsInbound } from "./securityRules.ts";

/** A public address that belongs to the simulated host's interface, and the groups that guard the way. */
export interface Route {
  publicAddress: string;
  privateAddress: string;
  groups: string[];
}

/** Public addresses behind which the simulated host runs. */
export function routesToHost(store: Store, cloud: CloudSettings): Route[] {
  return store.ofType("Microsoft.Network/publicIPAddresses").flatMap((address) => {
    const publicAddress = asText(valueAt(address.body, "properties.ipAddress"));
    for (const nic of store.ofType("Microsoft.Network/networkInterfaces")) {
      const configuration = configurationsOf(nic.body).find((c) =>
        sameId(asText(valueAt(c, "properties.publicIPAddress.id")), address.id),
      );
      const privateAddress = asText(valueAt(configuration, "properties.privateIPAddress"));
      const machine = machineOf(store, nic.id);
      if (publicAddress === undefined || privateAddress === undefined || machine === undefined) continue;
      if (privateAddress !== cloud.hostPrivateIpAddress || machine.internal.startedOnHost !== true) continue;
      const subnet = store.get(asText(valueAt(configuration, "properties.subnet.id")) ?? "");
      const groups = [subnet?.body, nic.body].flatMap(
        (body) => asText(valueAt(body, "properties.networkSecurityGroup.id")) ?? [],
      );
      return [{ publicAddress, privateAddress, groups }];
    }
    return [];
  });
}

/** A Standard address is closed until a security group opens it, and every group on the way must allow. */
export function isOpen(store: Store, route: Route, sourceAddress: string, port: number): boolean {
  const knock = { sourceAddress, destinationAddress: route.privateAddress, port };
  return route.groups.length > 0 && route.groups.every((group) => allowsInbound(store, group, knock));
}
