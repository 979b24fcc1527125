import type * as pulumi from "@pulumi/pulumi";
import type { UnreadyMember } from "../provider/directory/resource.ts";
import type { ManualStep, Profile } from "./workload/manualSteps.ts";

/** What a deployed environment says about itself; the command line reads these and nothing else. */
export interface StackOutputs {
  /** Version line of the product. */
  profile: Profile;
  /** Public DNS name of the service. */
  publicHostName: string;
  /** Where the name points to. */
  publicIpAddress: string;
  userPortalUrl: string;
  webServiceSdkUrl: string;
  /** Only with profile v7. */
  mobileAppWebServiceUrl?: string;
  resourceGroupName: string;
  computerName: string;
  /** ARM id. */
  virtualMachineId: string;
  certificate: {
    /** SHA-1, 40 upper-case hexadecimal digits. */
    thumbprint: string;
    issuer: string;
    /** ISO 8601. */
    notAfter: string;
    /** ISO 8601; from then on a preview plans the renewal. */
    renewAfter: string;
  };
  /** sAMAccountNames, except where the name says otherwise. */
  directory: {
    domain: string;
    mfaUsers: string;
    phoneFactorAdmins: string;
    /** `DOMAIN\name`. */
    serviceAccount: string;
    /** `DOMAIN\name`. */
    portalAccount: string;
    /** `NAME$`. */
    computerAccount: string;
  };
  /** Secret: the service account's password, for the checks of the Web Service SDK. */
  serviceAccountPassword: string;
  /** sAMAccountNames of everybody in the group of the people. */
  people: string[];
  /** People who cannot use MFA yet, and why. */
  peopleNotReady: UnreadyMember[];
  /** What is left to do by hand. */
  manualSteps: ManualStep[];
}

/** The same while it is being deployed. */
export type StackOutputsInProgress = {
  [K in keyof StackOutputs]: pulumi.Input<
    StackOutputs[K] extends (infer E)[]
      ? E[]
      : StackOutputs[K] extends object
        ? { [P in keyof StackOutputs[K]]: pulumi.Input<StackOutputs[K][P]> }
        : StackOutputs[K]
  >;
};
