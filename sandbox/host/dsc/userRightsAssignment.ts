import { sameName } from "../names.ts";
import type { WindowsState } from "../state.ts";
import { accountName, holdersOf, rightConstants } from "../windows/rights.ts";
import { type DscSemantics, flag, list, type Properties, required, sameSet, wantsPresent } from "./semantics.ts";

export const userRightsAssignment: DscSemantics = {
  get({ windows }, properties) {
    return { Policy: required(properties, "Policy"), Identity: [...holdersOf(windows, constantOf(properties))] };
  },

  test({ windows }, properties) {
    const present = holdersOf(windows, constantOf(properties));
    const accounts = wantedAccounts(windows, properties);
    if (accounts.length === 0) return present.length === 0;
    const holds = (account: string) => present.some((holder) => sameName(holder, account));
    if (!wantsPresent(properties)) return !accounts.some(holds);
    return flag(properties, "Force") === true ? sameSet(present, accounts) : accounts.every(holds);
  },

  set({ windows }, properties) {
    const constant = constantOf(properties);
    const present = holdersOf(windows, constant);
    const accounts = wantedAccounts(windows, properties);
    const isNamed = (holder: string) => accounts.some((account) => sameName(account, holder));
    if (accounts.length === 0) windows.rights[constant] = [];
    else if (!wantsPresent(properties)) windows.rights[constant] = present.filter((holder) => !isNamed(holder));
    else
      windows.rights[constant] =
        flag(properties, "Force") === true ? accounts : [...present.filter((holder) => !isNamed(holder)), ...accounts];
    return false;
  },
};

function constantOf(properties: Properties): string {
  return rightConstants[required(properties, "Policy")] as string;
}

/** No identity at all takes the right from everybody. */
function wantedAccounts(windows: WindowsState, properties: Properties): string[] {
  return (list(properties, "Identity") ?? [])
    .filter((identity) => identity !== "")
    .map((identity) => accountName(windows, identity));
}
