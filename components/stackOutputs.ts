import type * as pulumi from "@pulumi/pulumi";
import type { CertificateRecord } from "../provider/acme/resource.ts";
import type { UnreadyMember } from "../provider/directory/resource.ts";
import type { LicenceReport } from "./platform/EntraLicences.ts";
import type { ManualStep, Profile } from "./workload/manualSteps.ts";

/** What a deployed environment says about itself; the command line reads these and nothing else. */
export interface StackOutputs {
  /** Version line of the product. */
  profile: Profile;
  /** Somebody states that the tenant was activated before 1 July 2019: only then Microsoft lets it have a server. */
  activatedBefore2019: boolean;
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
    /** Ordered from an ACME authority, or given by the organisation. */
    source: "acme" | "provided";
    /** SHA-1, 40 upper-case hexadecimal digits. */
    thumbprint: string;
    issuer: string;
    /** ISO 8601. */
    notBefore: string;
    /** ISO 8601. */
    notAfter: string;
    /** ISO 8601; from then on a preview plans the renewal, or warns where the certificate is given. */
    renewAfter: string;
    /** Who says so: the authority, or the share of the lifetime that is left. */
    renewalBy: "authority" | "lifetime";
    /** The last ten certificates, this one first. */
    history: CertificateRecord[];
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
  /** Who has Entra ID P1 or P2; only where that is checked. */
  licences?: LicenceReport;
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
