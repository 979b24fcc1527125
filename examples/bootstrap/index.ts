import { RoleDefinition } from "@pulumi/azure-native/authorization/roleDefinition.js";
import * as pulumi from "@pulumi/pulumi";
import { EntraPipelineIdentity } from "../../components/platform/EntraPipelineIdentity.ts";
import { builtInRole, deploymentActions } from "./roles.ts";
import { readSettings } from "./settings.ts";

/** Microsoft Graph's application permissions of the deployment: the licences are read with each preview. */
const readLicences = ["User.Read.All", "LicenseAssignment.Read.All"];
/** In a managed domain, groups and the service account are made in Entra ID. */
const writeDirectory = ["Group.ReadWrite.All", "User.ReadWrite.All"];

/** Makes the two identities of one environment. Run once, by an administrator; see README.md. */
export default function program() {
  const settings = readSettings();
  const { subscriptionId, zoneId, issuer, hostResourceGroup } = settings;
  const subscription = `/subscriptions/${subscriptionId}`;
  const environment = pulumi.getStack();

  const deployment = new RoleDefinition("deployment-role", {
    scope: subscription,
    roleName: `MFA server kit: deploy ${environment}`,
    roleType: "CustomRole",
    description: "Makes and deletes the resource group, network and machine of an MFA server.",
    assignableScopes: [subscription],
    permissions: [{ actions: [...deploymentActions] }],
  });
  const zone = { name: "zone", scope: zoneId, roleDefinitionId: builtInRole("dnsZoneContributor", zoneId) };
  const deploy = new EntraPipelineIdentity("deploy", {
    displayName: `mfa-server-${environment}-deploy`,
    trust: { issuer, subject: settings.deploySubject },
    roles: [{ name: "subscription", scope: subscription, roleDefinitionId: deployment.id }, zone],
    graphPermissions: [...readLicences, ...(settings.managedDomain ? writeDirectory : [])],
  });
  const host = hostResourceGroup === undefined ? undefined : `${subscription}/resourceGroups/${hostResourceGroup}`;
  const renew = new EntraPipelineIdentity("renew", {
    displayName: `mfa-server-${environment}-renew`,
    trust: { issuer, subject: settings.renewSubject },
    roles: [
      zone,
      ...(host === undefined
        ? []
        : [{ name: "host", scope: host, roleDefinitionId: builtInRole("virtualMachineContributor", host) }]),
    ],
  });

  return {
    deployClientId: deploy.clientId,
    renewClientId: renew.clientId,
    adminConsent: pulumi.interpolate`az ad app permission admin-consent --id ${deploy.clientId}`,
  };
}
