import * as pulumi from "@pulumi/pulumi";
import { Licences } from "../../provider/entra/resource.ts";

/** Arguments of {@link EntraLicences}. */
export interface EntraLicencesArgs {
  /** Everybody who uses MFA: sAMAccountNames of Active Directory, or userPrincipalNames. */
  people: pulumi.Input<string[]>;
  /** Only users synchronised from Active Directory count as found. `false` for people who live in Entra ID. */
  synchronisedOnly: boolean;
  /** DNS name of their domain. */
  domain: string;
  /** Part numbers of the only products that count. Default: every product of the tenant that contains Entra ID P1 or P2. */
  skus?: string[];
}

/** What the report says of everybody, read back. */
export interface LicenceReport {
  counted: number;
  licensed: number;
  /** userPrincipalNames. */
  unlicensed: string[];
  /** Those whom Entra ID does not have as users of this domain. */
  notFound: string[];
}

/** The first prerequisite of the procedure: everybody who uses MFA has Entra ID P1 or P2. Only reads; the policies judge. */
export class EntraLicences extends pulumi.ComponentResource {
  readonly report: pulumi.Output<LicenceReport>;

  constructor(name: string, args: EntraLicencesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mfa:platform:EntraLicences", name, {}, opts);
    const { counted, licensed, unlicensed, notFound } = new Licences(
      `${name}-people`,
      {
        people: args.people,
        domain: args.domain,
        synchronisedOnly: args.synchronisedOnly,
        ...(args.skus && { skus: args.skus }),
      },
      { parent: this },
    );
    this.report = pulumi.output({ counted, licensed, unlicensed, notFound });
    this.registerOutputs({ report: this.report });
  }
}
