import { z } from "zod";
import { ipv4Address, ipv4Network, trafficSource } from "../fields.ts";

/** The virtual network of the host and who may reach it. */
export const networkSection = z.strictObject({
  addressSpace: ipv4Network.describe("Address space of the virtual network."),
  subnetPrefix: ipv4Network.meta({
    description: "Address range of the host's subnet, inside `addressSpace`; /29 or larger.",
    examples: ["10.20.1.0/24"],
  }),
  dnsServers: z
    .array(ipv4Address)
    .min(1)
    .meta({
      description:
        "DNS servers of the virtual network: the domain controllers, else the domain join cannot find the domain.",
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
