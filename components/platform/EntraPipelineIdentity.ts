import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import { Application } from "@pulumi/azuread/application.js";
import { ApplicationFederatedIdentityCredential } from "@pulumi/azuread/applicationFederatedIdentityCredential.js";
import { getServicePrincipalOutput } from "@pulumi/azuread/getServicePrincipal.js";
import { ServicePrincipal } from "@pulumi/azuread/servicePrincipal.js";
import * as pulumi from "@pulumi/pulumi";

/** One role of the identity. */
export interface PipelineRole {
  /** Name of the assignment in the program, for example `zone`. */
  name: string;
  /** ARM id of what the role is about. */
  scope: string;
  /** ARM id of the role. */
  roleDefinitionId: pulumi.Input<string>;
}

/** Arguments of {@link EntraPipelineIdentity}. */
export interface EntraPipelineIdentityArgs {
  /** Shown in Entra ID; unique there, so that nobody takes another application for it. */
  displayName: string;
  /** The one token that the application trusts, compared as it is: issuer (`iss`) and subject (`sub`). */
  trust: { issuer: string; subject: string };
  roles: PipelineRole[];
  /** Application permissions of Microsoft Graph that are asked for. An administrator must consent to them. Default: none. */
  graphPermissions?: string[];
}

/** Application id of Microsoft Graph, the same in every tenant. */
const MICROSOFT_GRAPH = "00000003-0000-0000-c000-000000000000";
/** What a pipeline's token must be for ("Workload identity federation"). */
const TOKEN_EXCHANGE = "api://AzureADTokenExchange";

/** An application without any secret: a pipeline logs on as it with a token of its own, and gets these roles and no more. */
export class EntraPipelineIdentity extends pulumi.ComponentResource {
  /** Application (client) id, for the pipeline's log-in. */
  readonly clientId: pulumi.Output<string>;
  /** Object id of the service principal, for further role assignments. */
  readonly principalId: pulumi.Output<string>;

  constructor(name: string, args: EntraPipelineIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mfa:platform:EntraPipelineIdentity", name, {}, opts);
    const child = { parent: this };
    const application = new Application(
      `${name}-application`,
      {
        displayName: args.displayName,
        preventDuplicateNames: true,
        ...permissionsOf(args.graphPermissions ?? [], child),
      },
      child,
    );
    const principal = new ServicePrincipal(`${name}-principal`, { clientId: application.clientId }, child);
    new ApplicationFederatedIdentityCredential(
      `${name}-trust`,
      {
        applicationId: application.id,
        displayName: "pipeline",
        issuer: args.trust.issuer,
        subject: args.trust.subject,
        audiences: [TOKEN_EXCHANGE],
      },
      child,
    );
    for (const role of args.roles) {
      new RoleAssignment(
        `${name}-role-${role.name}`,
        {
          scope: role.scope,
          roleDefinitionId: role.roleDefinitionId,
          principalId: principal.objectId,
          // Without it Azure looks the principal up, and may not find one that is a second old.
          principalType: "ServicePrincipal",
        },
        // Azure lets nothing of an assignment change.
        { ...child, replaceOnChanges: ["roleDefinitionId"] },
      );
    }
    this.clientId = application.clientId;
    this.principalId = principal.objectId;
    this.registerOutputs({ clientId: this.clientId, principalId: this.principalId });
  }
}

/** The permissions by name, looked up in the tenant: their ids are Microsoft's. */
function permissionsOf(names: readonly string[], options: pulumi.InvokeOutputOptions) {
  if (names.length === 0) return {};
  const graph = getServicePrincipalOutput({ clientId: MICROSOFT_GRAPH }, options);
  const resourceAccesses = graph.apply(({ appRoleIds }) =>
    names.map((name) => ({ id: roleId(appRoleIds, name), type: "Role" })),
  );
  return { requiredResourceAccesses: [{ resourceAppId: MICROSOFT_GRAPH, resourceAccesses }] };
}

function roleId(ids: Readonly<Record<string, string>>, name: string): string {
  const id = ids[name];
  if (id === undefined) throw new pulumi.RunError(`Microsoft Graph has no application permission ${name}.`);
  return id;
}
