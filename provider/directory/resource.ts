import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link Group}. */
export interface GroupArgs {
  /** sAMAccountName and CN, at most 64 characters. Changing it renames the group; its objectGUID stays. */
  name: pulumi.Input<string>;
  /** Distinguished name of the container, for example `OU=Groups,DC=corp,DC=contoso,DC=com`. Changing it moves the group. */
  organizationalUnit: pulumi.Input<string>;
  /** Default `Global`. */
  scope?: pulumi.Input<"DomainLocal" | "Global" | "Universal">;
  description?: pulumi.Input<string>;
  /** Notes, at most 1024 characters. */
  info?: pulumi.Input<string>;
  /** Distinguished name of the owner: says who answers for the group, grants nothing. */
  managedBy?: pulumi.Input<string>;
  /** Take over a group of this name that is already there; it is then kept on destroy. Default `false`: an existing group is an error. */
  adopt?: pulumi.Input<boolean>;
}

/** A security group in Active Directory, found by its objectGUID. */
export class Group extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly organizationalUnit: pulumi.Output<string>;
  declare readonly distinguishedName: pulumi.Output<string>;
  declare readonly objectGuid: pulumi.Output<string>;
  declare readonly objectSid: pulumi.Output<string>;
  /** True when the group was there before the kit; such a group outlives `pulumi destroy`. */
  declare readonly adopted: pulumi.Output<boolean>;
  constructor(name: string, args: GroupArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "mfakit:directory:Group",
      name,
      { ...args, distinguishedName: undefined, objectGuid: undefined, objectSid: undefined, adopted: undefined },
      opts,
    );
  }
}

/** Arguments of {@link User}. */
export interface UserArgs {
  /** sAMAccountName, at most 20 characters; also the CN. */
  name: pulumi.Input<string>;
  /** Default: `name@<domain>`. */
  userPrincipalName?: pulumi.Input<string>;
  /** Distinguished name of the container. */
  organizationalUnit: pulumi.Input<string>;
  description?: pulumi.Input<string>;
  /** Notes, at most 1024 characters. */
  info?: pulumi.Input<string>;
  /** Secret. Default: generated (32 characters, without those that break the product's configuration files). */
  password?: pulumi.Input<string>;
  /** Any change sets a new password. */
  rotationTrigger?: pulumi.Input<string>;
  /** Default `true`: it is a service account. */
  passwordNeverExpires?: pulumi.Input<boolean>;
  /** `true`: the account may not change its own password, by its access list. Default: left as it is. */
  cannotChangePassword?: pulumi.Input<boolean>;
  /** Encryption of its Kerberos tickets; the kit's accounts take AES alone. Default: left as it is. */
  kerberosTypes?: pulumi.Input<pulumi.Input<"RC4" | "AES128" | "AES256">[]>;
  /** Default `true`. */
  enabled?: pulumi.Input<boolean>;
  /** Take over an account of this name that is already there (its password is set anew); kept on destroy. Default `false`. */
  adopt?: pulumi.Input<boolean>;
}

/** A user account in Active Directory, found by its objectGUID; its password is only ever sent over TLS. */
export class User extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly userPrincipalName: pulumi.Output<string>;
  declare readonly distinguishedName: pulumi.Output<string>;
  declare readonly objectGuid: pulumi.Output<string>;
  declare readonly objectSid: pulumi.Output<string>;
  /** Secret: the password in force. */
  declare readonly password: pulumi.Output<string>;
  /** `DOMAIN\name`, as Windows and the product's web.config want it. */
  declare readonly qualifiedName: pulumi.Output<string>;
  /** ISO 8601; the directory's pwdLastSet after the kit set the password. A later value is drift: somebody else set it. */
  declare readonly passwordLastSet: pulumi.Output<string>;
  declare readonly enabled: pulumi.Output<boolean>;
  declare readonly adopted: pulumi.Output<boolean>;
  constructor(name: string, args: UserArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "mfakit:directory:User",
      name,
      {
        ...args,
        password: args.password === undefined ? undefined : pulumi.secret(args.password),
        distinguishedName: undefined,
        objectGuid: undefined,
        objectSid: undefined,
        qualifiedName: undefined,
        passwordLastSet: undefined,
        adopted: undefined,
      },
      pulumi.mergeOptions({ additionalSecretOutputs: ["password"] }, opts),
    );
  }
}

/** A person of a group who cannot use MFA yet. */
export interface UnreadyMember {
  /** sAMAccountName. */
  name: string;
  distinguishedName: string;
  /** Why: `noMobile`, `unreadableMobile`, `mobileWithExtension`, `disabled`, `expired`, `noUserPrincipalName`. */
  reasons: string[];
}

/** Arguments of {@link Membership}. */
export interface MembershipArgs {
  /** objectGUID, distinguished name or sAMAccountName of the group. */
  group: pulumi.Input<string>;
  /** Each a distinguished name, sAMAccountName, userPrincipalName or objectGUID; computers as `NAME$`. */
  members: pulumi.Input<pulumi.Input<string>[]>;
  /** `true`: exactly these members. Default `false`: at least these; others stay. */
  exclusive?: pulumi.Input<boolean>;
  /** Also report which people of the group (nested ones too) lack what MFA needs. Default `false`. */
  checkReadiness?: pulumi.Input<boolean>;
}

/** The members of one group that the kit answers for. Its id is the group's objectGUID. */
export class Membership extends pulumi.CustomResource {
  declare readonly group: pulumi.Output<string>;
  /** The declared members that the directory has, spelled as declared. */
  declare readonly members: pulumi.Output<string[]>;
  /** sAMAccountNames of everybody in the group, nested groups resolved; empty unless `checkReadiness`. */
  declare readonly people: pulumi.Output<string[]>;
  /** People of the group who cannot use MFA yet; empty unless `checkReadiness`. */
  declare readonly unready: pulumi.Output<UnreadyMember[]>;
  constructor(name: string, args: MembershipArgs, opts?: pulumi.CustomResourceOptions) {
    super("mfakit:directory:Membership", name, { ...args, people: undefined, unready: undefined }, opts);
  }
}

/** Arguments of {@link OrganizationalUnit}. */
export interface OrganizationalUnitArgs {
  name: pulumi.Input<string>;
  /** Distinguished name of the parent. */
  parent: pulumi.Input<string>;
  description?: pulumi.Input<string>;
  /** Distinguished name of the owner: says who answers for the unit, grants nothing. */
  managedBy?: pulumi.Input<string>;
  /** Take over a unit that is already there; it is then kept on destroy. Default `false`. */
  adopt?: pulumi.Input<boolean>;
}

/** An organizational unit; deleted only when the kit created it and it is empty. */
export class OrganizationalUnit extends pulumi.CustomResource {
  declare readonly distinguishedName: pulumi.Output<string>;
  declare readonly objectGuid: pulumi.Output<string>;
  declare readonly adopted: pulumi.Output<boolean>;
  constructor(name: string, args: OrganizationalUnitArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "mfakit:directory:OrganizationalUnit",
      name,
      { ...args, distinguishedName: undefined, objectGuid: undefined, adopted: undefined },
      opts,
    );
  }
}

/** Arguments of {@link DomainJoin}. */
export interface DomainJoinArgs {
  /** Windows name of the machine that is going to join, at most 15 characters. */
  computerName: pulumi.Input<string>;
  /** Distinguished name of the unit in which its computer account is created. */
  organizationalUnit: pulumi.Input<string>;
  /** Account that joins: `DOMAIN\\name` or `name@domain`. */
  user: pulumi.Input<string>;
  /** Secret. */
  password: pulumi.Input<string>;
}

/**
 * Proves in preview that a machine which does not exist yet can join the domain: the account logs on (one bind), the unit exists, the
 * account may create computers there, and the name is free or pre-staged. Makes nothing.
 */
export class DomainJoin extends pulumi.CustomResource {
  /** `NAME$`. */
  declare readonly computerAccount: pulumi.Output<string>;
  /** True when the computer account was there before and may be taken over. */
  declare readonly preStaged: pulumi.Output<boolean>;
  constructor(name: string, args: DomainJoinArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "mfakit:directory:DomainJoin",
      name,
      { ...args, password: pulumi.secret(args.password), computerAccount: undefined, preStaged: undefined },
      opts,
    );
  }
}
