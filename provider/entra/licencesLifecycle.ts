import type { Connections } from "../connections/connections.ts";
import { type GraphClient, isPermissionMissing } from "../connections/graph.ts";
import type { CheckFailure, Lifecycle, LifecycleContext } from "../engine/definition.ts";
import { compareInputs } from "../engine/difference.ts";
import { UserError } from "../engine/userError.ts";
import { hasUnknown, isUnknown } from "../engine/values.ts";
import { readsFor, soughtBy } from "./designation.ts";
import { type GraphUser, type PremiumProducts, premiumProducts, type SubscribedSku } from "./licence.ts";
import { licenceReport } from "./report.ts";
import type { LicencesInputs, LicencesOutputs } from "./schema.ts";

type Context = LifecycleContext<Connections>;

/** Application permissions for `GET /users` with these properties, the narrowest first ("List users"). */
const READ_USERS = ["User.Read.All", "Directory.Read.All"];
/** Application permissions for `GET /subscribedSkus`, the narrowest first ("List subscribedSkus"). */
const READ_PRODUCTS = ["LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All"];

/**
 * A report, not an object: creating, updating and refreshing it read, and deleting it does nothing. What changes in the tenant shows
 * at the next refresh as another output; it is never a difference that an `up` could settle.
 */
export const licencesLifecycle: Lifecycle<LicencesInputs, LicencesOutputs, Connections> = {
  check: checkLicences,

  diff: (_id, oldInputs, _outputs, newInputs) => compareInputs(comparable(oldInputs), comparable(newInputs)),

  /** A preview looks as well, so that the policies can judge before anything is touched. */
  async preview(inputs, _old, context) {
    return hasUnknown(inputs) ? {} : readLicences(inputs, context);
  },

  async create(inputs, context) {
    const outputs = await readLicences(inputs, context);
    return { id: context.connections.configuration.azure?.tenantId ?? "licences", outputs };
  },

  async read(id, old, context) {
    if (old === undefined) {
      throw new UserError("LICENCES_NOT_IMPORTABLE", {
        what: `Importing the licence report ${id}`,
        why: "a report is no object of the tenant, so there is nothing to take over",
        next: "Declare it; it is read with the next up.",
      });
    }
    return { id, inputs: old.inputs, outputs: await readLicences(old.inputs, context) };
  },

  update: (_id, _outputs, inputs, _oldInputs, context) => readLicences(inputs, context),

  async delete() {},
};

function checkLicences(inputs: LicencesInputs, context: Context): CheckFailure[] {
  const { people } = inputs;
  if (isUnknown(people) || domainOf(inputs, context) !== undefined) return [];
  return people.flatMap((name, index) => {
    if (isUnknown(name) || soughtBy(name).key !== "onPremisesSamAccountName") return [];
    const reason = `"${name}" is an account name, and neither "domain" nor the provider's directory says of which domain`;
    return [{ property: `people[${index}]`, reason }];
  });
}

async function readLicences(inputs: LicencesInputs, context: Context): Promise<LicencesOutputs> {
  const people = [...new Map(inputs.people.map((name) => [name.toLowerCase(), soughtBy(name)])).values()];
  const graph = await context.connections.graph();
  const products = await productsOf(graph, inputs.skus, context);
  const lists = await graph.listMany<GraphUser>(readsFor(people), {
    permissions: READ_USERS,
    signal: context.signal,
    progress: (answered) => context.progress(`read the licences in ${answered} of ${readsFor(people).length} parts`),
  });
  const { synchronisedOnly } = inputs;
  return licenceReport(people, lists.flat(), { domain: domainOf(inputs, context), synchronisedOnly, products });
}

/** The products that count; `undefined` when the identity may not read which the tenant has. */
async function productsOf(
  graph: GraphClient,
  names: readonly string[] | undefined,
  { signal }: Context,
): Promise<PremiumProducts | undefined> {
  const read = { path: "/subscribedSkus", query: { $select: "skuId,skuPartNumber,capabilityStatus,servicePlans" } };
  try {
    const skus = await graph.list<SubscribedSku>(read, { permissions: READ_PRODUCTS, signal });
    refuseUnknown(names, skus);
    return premiumProducts(skus, names);
  } catch (error) {
    // Names of products can only be told from the list; without names each person's plans say enough.
    if (names === undefined && isPermissionMissing(error)) return undefined;
    throw error;
  }
}

function refuseUnknown(names: readonly string[] = [], skus: readonly SubscribedSku[]): void {
  const premium = skus.filter((sku) => premiumProducts([sku]).size > 0).map(({ skuPartNumber }) => skuPartNumber);
  const usable = new Set(premium.map((name) => name.toLowerCase()));
  const unknown = names.filter((name) => !usable.has(name.toLowerCase()));
  if (unknown.length === 0) return;
  throw new UserError("ENTRA_PRODUCT_UNKNOWN", {
    what: `Counting only the licences of ${unknown.join(", ")}`,
    why: "the tenant has no usable product of that name with Entra ID P1 or P2",
    next:
      premium.length > 0
        ? `Name one of ${premium.join(", ")} in entra.licences.skus, or leave it out to count them all.`
        : "The tenant has no product with Entra ID P1 or P2 at all: buy one, or switch the check off with entra.licences.check: false.",
  });
}

function domainOf({ domain }: LicencesInputs, { connections }: Context): string | undefined {
  return domain ?? connections.configuration.directory?.domain;
}

/** People and products in an order of their own: lists that hold the same are the same. */
function comparable(inputs: LicencesInputs): object {
  const { people, skus } = inputs;
  return { ...inputs, people: sorted(people), ...(skus !== undefined && { skus: sorted(skus) }) };
}

function sorted(list: readonly string[]): readonly string[] {
  if (hasUnknown(list)) return list;
  return [...new Set(list.map((text) => text.toLowerCase()))].sort();
}
