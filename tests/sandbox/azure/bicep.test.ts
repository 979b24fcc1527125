import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestCloud, subscription, type TestCloud } from "../../support/azureCloud.ts";
import { findBicep, judge } from "../../support/bicep.ts";
import { everything, ids, make } from "./fixtures.ts";

const bicep = findBicep();

describe.skipIf(bicep === undefined)(
  "bodies of the simulated cloud before the Bicep compiler (needs `bicep` on PATH)",
  () => {
    let cloud: TestCloud;
    beforeAll(async () => {
      cloud = await startTestCloud();
    });
    afterAll(async () => {
      await cloud?.stop();
    });

    it("has no property, value or name that Azure's types do not have", async () => {
      const bodies = await make(cloud, ...everything);
      const records = await cloud.arm("GET", `${ids.zone}/all?api-version=2018-05-01`);
      const found = await judge(bicep as string, [...bodies, ...records.body.value] as never);
      expect(found).toEqual([]);
    });

    it("notices a property that Azure does not have", async () => {
      const body = {
        id: `${subscription}/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/pip`,
        name: "pip",
        type: "Microsoft.Network/publicIPAddresses",
        location: "westeurope",
        properties: { publicIpAllocationMethod: "Static" },
      };
      expect(await judge(bicep as string, [body])).toContainEqual(expect.objectContaining({ code: "BCP089" }));
    });
  },
);
