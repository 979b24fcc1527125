import { z } from "zod";
import { ipv4Address, ipv4Network, trafficSource, virtualNetworkId } from "../fields.ts";

const existingNetwork = z.strictObject({
  virtualNetworkId: virtualNetworkId.describe(
    "ARM id of the virtual network; it may lie in another subscription of the same tenant.",
  ),
  subnetName: z
    .string()
    .max(80)
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/)
    .optional()
    .meta({
      description:
        "A subnet that is there already: the kit leaves it alone and puts the security group on the host's network interface. Default: the kit adds a subnet of its own to the network.",
      accepted: "1 to 80 letters, digits and _ . -; no dot or hyphen last",
      examples: ["snet-servers"],
    }),
});

/** The virtual network of the host and who may reach it. */
export const networkSection = z.strictObject({
  existing: existingNetwork
    .optional()
    .describe("A virtual network that is there already. Default: the kit makes one for the environment."),
  addressSpace: ipv4Network
    .optional()
    .describe("Address space of the virtual network that the kit makes; needed unless `existing` is set."),
  subnetPrefix: ipv4Network.meta({
    description: "Address range of the host's subnet, inside the network's address space; /29 or larger.",
    examples: ["10.20.1.0/24"],
  }),
  dnsServers: z
    .array(ipv4Address)
    .min(1)
    .optional()
    .meta({
      description:
        "The domain controllers, as DNS servers of the virtual network; without them the domain join cannot find the domain. Needed unless `existing` is set; there they are set on the host's network interface alone.",
      examples: [["10.10.0.4"]],
    }),
  allowHttpsFrom: z.array(trafficSource).min(1).default(["Internet"]).describe("Who may reach port 443 of the host."),
  allowManagementFrom: z
    .array(trafficSource)
    .default([])
    .meta({
      description: "Who may reach the host's SSH port: the networks from which Pulumi runs. Nobody by default.",
      examples: [["10.10.8.0/24"]],
    }),
});
