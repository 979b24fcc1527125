import * as pulumi from "@pulumi/pulumi";
import { Membership, type UnreadyMember } from "../../provider/directory/resource.ts";
import { Arrival } from "../../provider/entra/resource.ts";
import type { DirectoryArgs } from "./Directory.ts";
import { type GivenPassword, member, members, securityGroup, serviceUser } from "./entraObjects.ts";
import { managedDomainLimits } from "./managedDomain.ts";
import { portalAccountName } from "./portalAccount.ts";

/** Arguments of {@link EntraDirectory}; members are named by userPrincipalName. */
export interface EntraDirectoryArgs extends Pick<DirectoryArgs, "mfaUsers" | "phoneFactorAdmins" | "computerName"> {
  /** The account by which the web services call the Web Service SDK. */
  serviceAccount: Pick<DirectoryArgs["serviceAccount"], "name" | "password" | "rotationTrigger">;
  /** Verified domain of the tenant in which the accounts are made. */
  userDomain: string;
  /** How long to wait for the synchronisation, in minutes. */
  arrivalTimeoutMinutes: number;
  /** Time between two looks into the domain, in seconds. Default 30. */
  pollSeconds?: number;
}

/** An account once it has arrived in the domain. */
export interface ArrivedAccount {
  /** `DOMAIN\name`. */
  qualifiedName: pulumi.Output<string>;
  /** Secret. */
  password: pulumi.Output<string>;
}

/**
 * What the product needs in a domain of Entra Domain Services: the same groups and accounts as in an own domain, made in Entra ID, and
 * their arrival in the domain. It is the other form of `Directory`, with what a managed domain cannot do as a warning.
 */
export class EntraDirectory extends pulumi.ComponentResource {
  readonly serviceAccount: ArrivedAccount;
  readonly portalAccount: ArrivedAccount;
  /** The memberships of `PhoneFactor Admins`, arrived in the domain. */
  readonly administrators: Arrival;
  /** sAMAccountNames of everybody in the group of the people, nested groups resolved. */
  readonly people: pulumi.Output<string[]>;
  /** The people who cannot use MFA yet, and why. */
  readonly peopleNotReady: pulumi.Output<UnreadyMember[]>;

  constructor(name: string, args: EntraDirectoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mfa:platform:EntraDirectory", name, {}, opts);
    const child = { parent: this };
    for (const limit of managedDomainLimits) pulumi.log.warn(limit, this);

    const mfaUsers = securityGroup(
      `${name}-mfa-users`,
      args.mfaUsers,
      "People who use multi-factor authentication",
      child,
    );
    const admins = securityGroup(
      `${name}-phonefactor-admins`,
      args.phoneFactorAdmins,
      "May call the Azure MFA Server's Web Service SDK",
      child,
    );
    const account = (part: string, accountName: string, description: string, given?: GivenPassword) =>
      serviceUser(`${name}-${part}`, accountName, args.userDomain, description, given, child);
    const service = account(
      "service-account",
      args.serviceAccount.name,
      "Azure MFA Server: web services to the Web Service SDK",
      args.serviceAccount,
    );
    const portal = account(
      "portal-account",
      portalAccountName(args.computerName),
      `Azure MFA Server: application pool of the User Portal on ${args.computerName}`,
    );

    const memberships = [
      ...members(`${name}-mfa-users`, mfaUsers, args.mfaUsers.members, child),
      ...members(`${name}-phonefactor-admins`, admins, args.phoneFactorAdmins.members, child),
      member(`${name}-phonefactor-admins-service-account`, admins, service.user.objectId, child),
      member(`${name}-phonefactor-admins-portal-account`, admins, portal.user.objectId, child),
    ];
    const arrival = new Arrival(
      `${name}-arrival`,
      {
        users: [service, portal].map(({ user }) => ({
          objectId: user.objectId,
          userPrincipalName: user.userPrincipalName,
        })),
        groups: [
          { objectId: mfaUsers, name: args.mfaUsers.name, members: args.mfaUsers.members },
          {
            objectId: admins,
            name: args.phoneFactorAdmins.name,
            members: [service.user.userPrincipalName, portal.user.userPrincipalName, ...args.phoneFactorAdmins.members],
          },
        ],
        timeoutMinutes: args.arrivalTimeoutMinutes,
        ...(args.pollSeconds !== undefined && { pollSeconds: args.pollSeconds }),
      },
      { ...child, dependsOn: memberships },
    );
    // Nobody can be put into a synchronised group here: this only reports who is in it.
    const people = new Membership(
      `${name}-people`,
      { group: arrival.groups.apply(([group]) => group?.objectGuid ?? ""), members: [], checkReadiness: true },
      child,
    );

    const arrived = (index: number, { password }: { password: pulumi.Output<string> }): ArrivedAccount => ({
      qualifiedName: arrival.users.apply((users) => users[index]?.qualifiedName ?? ""),
      password,
    });
    this.serviceAccount = arrived(0, service);
    this.portalAccount = arrived(1, portal);
    this.administrators = arrival;
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
