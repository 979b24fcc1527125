import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link Licences}. */
export interface LicencesArgs {
  /** Each a userPrincipalName, or an account of Active Directory by SID, objectGUID or sAMAccountName. */
  people: pulumi.Input<pulumi.Input<string>[]>;
  /** DNS name of the Active Directory domain of the sAMAccountNames. Default: that of the provider's directory connection. */
  domain?: pulumi.Input<string>;
  /** Part numbers of the only products that count. Default: every product of the tenant that contains Entra ID P1 or P2. */
  skus?: pulumi.Input<pulumi.Input<string>[]>;
  /** Only users synchronised from Active Directory count as found. Default `true`. */
  synchronisedOnly?: pulumi.Input<boolean>;
}

/** Who of these people has Entra ID P1 or P2, directly or by group; a plan that is switched off does not count. Only reads. */
export class Licences extends pulumi.CustomResource {
  /** How many different people were looked at. */
  declare readonly counted: pulumi.Output<number>;
  /** How many of them have the licence. */
  declare readonly licensed: pulumi.Output<number>;
  /** How many of those have it through a group alone; 0 when only plans can be read. */
  declare readonly licensedByGroup: pulumi.Output<number>;
  /** userPrincipalNames of those without it. */
  declare readonly unlicensed: pulumi.Output<string[]>;
  /** Those whom Entra ID does not have, spelled as given. */
  declare readonly notFound: pulumi.Output<string[]>;
  /** `plans` when the tenant's products may not be read, so that each person's plans decided. */
  declare readonly judgedBy: pulumi.Output<"assignments" | "plans">;
  constructor(name: string, args: LicencesArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "mfakit:entra:Licences",
      name,
      {
        ...args,
        counted: undefined,
        licensed: undefined,
        licensedByGroup: undefined,
        unlicensed: undefined,
        notFound: undefined,
        judgedBy: undefined,
      },
      opts,
    );
  }
}

/** What a managed domain made of an object of Entra ID. */
export interface Arrived {
  /** sAMAccountName. */
  accountName: string;
  /** `DOMAIN\\name`. */
  qualifiedName: string;
  distinguishedName: string;
  objectGuid: string;
  objectSid: string;
}

/** Arguments of {@link Arrival}. */
export interface ArrivalArgs {
  /** Users by the id that Entra ID gave them, and the name by which the domain has them. */
  users: pulumi.Input<pulumi.Input<{ objectId: pulumi.Input<string>; userPrincipalName: pulumi.Input<string> }>[]>;
  /** Security groups; `members` are userPrincipalNames that must have arrived in the group. */
  groups: pulumi.Input<
    pulumi.Input<{
      objectId: pulumi.Input<string>;
      name: pulumi.Input<string>;
      members: pulumi.Input<pulumi.Input<string>[]>;
    }>[]
  >;
  /** How long to wait, in minutes; above 0, at most 2880. Default 60. */
  timeoutMinutes?: pulumi.Input<number>;
  /** Time between two looks into the domain, in seconds; above 0, at most 600. Default 30. */
  pollSeconds?: pulumi.Input<number>;
}

/** Waits until users and groups have arrived in a domain of Entra Domain Services, with their memberships. Writes nothing. */
export class Arrival extends pulumi.CustomResource {
  /** In the order of the argument. */
  declare readonly users: pulumi.Output<(Arrived & { userPrincipalName: string })[]>;
  /** In the order of the argument. */
  declare readonly groups: pulumi.Output<(Arrived & { name: string; members: string[] })[]>;
  constructor(name: string, args: ArrivalArgs, opts?: pulumi.CustomResourceOptions) {
    super("mfakit:entra:Arrival", name, { ...args }, opts);
  }
}

/** Arguments of {@link Password}. */
export interface PasswordArgs {
  /** The account that gets it. */
  accountName: pulumi.Input<string>;
  /** Any change makes another password. */
  rotationTrigger?: pulumi.Input<string>;
}

/** A generated password for an account that another provider makes. */
export class Password extends pulumi.CustomResource {
  /** Secret. */
  declare readonly password: pulumi.Output<string>;
  constructor(name: string, args: PasswordArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "mfakit:entra:Password",
      name,
      { ...args, password: undefined },
      pulumi.mergeOptions({ additionalSecretOutputs: ["password"] }, opts),
    );
  }
}
