import * as pulumi from "@pulumi/pulumi";
import { DomainJoin, Group, Membership, type UnreadyMember, User } from "../../provider/directory/resource.ts";
import { portalAccountName } from "./portalAccount.ts";

/** A group that the component creates, or takes over when `adopt` says so. */
export interface GroupSettings {
  name: string;
  /** Take over a group of this name that is already there; it is then kept on destroy. */
  adopt: boolean;
  /** Members that the group has at least: names, UPNs, distinguished names or objectGUIDs. */
  members: string[];
}

/** Arguments of {@link Directory}. */
export interface DirectoryArgs {
  /** Distinguished name of the unit in which groups and accounts are created. */
  organizationalUnit: string;
  /** The people who use MFA. */
  mfaUsers: GroupSettings;
  /** Those who may call the Web Service SDK; the product looks for the name `PhoneFactor Admins`. */
  phoneFactorAdmins: GroupSettings;
  /** The account by which the web services call the Web Service SDK. */
  serviceAccount: {
    name: string;
    adopt: boolean;
    /** Secret. Default: generated. */
    password?: pulumi.Input<string>;
    /** Any change of it sets another generated password. */
    rotationTrigger?: string;
  };
  /** Windows name of the host: its computer account becomes a member, and the portal's account is named after it. */
  computerName: string;
  /** What the host joins with: proved before it exists. Default: not proved. */
  join?: {
    /** Distinguished name of the unit of the host's computer account. */
    organizationalUnit: string;
    user: string;
    /** Secret. */
    password: pulumi.Input<string>;
  };
  /** The host's domain join: only after it the computer account exists. */
  joined: pulumi.Resource;
}

/**
 * What the product needs in Active Directory: the group of the people, the group of the administrators, the service account, the
 * account of the User Portal's application pool, and who is in which group.
 */
export class Directory extends pulumi.ComponentResource {
  readonly serviceAccount: User;
  readonly portalAccount: User;
  /** The memberships of `PhoneFactor Admins`: the Web Service SDK answers nobody before they hold. */
  readonly administrators: Membership;
  /** sAMAccountNames of everybody in the group of the people, nested groups resolved. */
  readonly people: pulumi.Output<string[]>;
  /** The people who cannot use MFA yet, and why. */
  readonly peopleNotReady: pulumi.Output<UnreadyMember[]>;

  constructor(name: string, args: DirectoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mfa:platform:Directory", name, {}, opts);
    const child = { parent: this };
    if (args.join !== undefined) {
      new DomainJoin(`${name}-join`, { computerName: args.computerName, ...args.join }, child);
    }

    const mfaUsers = securityGroup(
      `${name}-mfa-users`,
      args.organizationalUnit,
      args.mfaUsers,
      "People who use multi-factor authentication",
      child,
    );
    const people = new Membership(
      `${name}-mfa-users-members`,
      { group: mfaUsers.objectGuid, members: args.mfaUsers.members, checkReadiness: true },
      child,
    );

    const phoneFactorAdmins = securityGroup(
      `${name}-phonefactor-admins`,
      args.organizationalUnit,
      args.phoneFactorAdmins,
      "May call the Azure MFA Server's Web Service SDK",
      child,
    );
    this.serviceAccount = new User(
      `${name}-service-account`,
      {
        name: args.serviceAccount.name,
        organizationalUnit: args.organizationalUnit,
        description: "Azure MFA Server: web services to the Web Service SDK",
        ...serviceAccountRules,
        // The notes of an account that was there are its owner's.
        ...(!args.serviceAccount.adopt && { info: noInteractiveLogOn }),
        adopt: args.serviceAccount.adopt,
        ...(args.serviceAccount.password !== undefined && { password: args.serviceAccount.password }),
        ...(args.serviceAccount.rotationTrigger !== undefined && {
          rotationTrigger: args.serviceAccount.rotationTrigger,
        }),
      },
      child,
    );
    this.portalAccount = new User(
      `${name}-portal-account`,
      {
        name: portalAccountName(args.computerName),
        organizationalUnit: args.organizationalUnit,
        description: `Azure MFA Server: application pool of the User Portal on ${args.computerName}`,
        ...serviceAccountRules,
        info: noInteractiveLogOn,
      },
      child,
    );
    this.administrators = new Membership(
      `${name}-phonefactor-admins-members`,
      {
        group: phoneFactorAdmins.objectGuid,
        // By objectGUID, which a preview does not know yet: a name that the directory does not have is refused there as a mistake.
        members: [
          this.serviceAccount.objectGuid,
          this.portalAccount.objectGuid,
          `${args.computerName}$`,
          ...args.phoneFactorAdmins.members,
        ],
      },
      { ...child, dependsOn: [args.joined] },
    );

    this.people = people.people;
    this.peopleNotReady = people.unready;
    this.registerOutputs({
      serviceAccount: this.serviceAccount.qualifiedName,
      portalAccount: this.portalAccount.qualifiedName,
      people: this.people,
      peopleNotReady: this.peopleNotReady,
    });
  }
}

/** For whoever finds the account. What keeps people from logging on with it is a right on each computer, not the account. */
const noInteractiveLogOn = "Service account, kept by Pulumi: not for people to log on with.";

/** Nobody logs on with these accounts but the web services: whoever learns a password cannot lock the kit out by changing it. */
const serviceAccountRules = {
  cannotChangePassword: true,
  kerberosTypes: ["AES128", "AES256"] as ("AES128" | "AES256")[],
};

function securityGroup(
  name: string,
  organizationalUnit: string,
  settings: GroupSettings,
  description: string,
  opts: pulumi.CustomResourceOptions,
): Group {
  // An adopted group keeps the description that its owner gave it.
  return new Group(
    name,
    {
      name: settings.name,
      organizationalUnit,
      adopt: settings.adopt,
      ...(!settings.adopt && { description }),
    },
    opts,
  );
}
