import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const subject = z
  .string()
  .min(1)
  .max(600)
  .regex(/^[^*?]+$/, { error: "has a wildcard: Entra ID compares subjects as they are" });

/** What the program is told, one configuration key each. */
const settings = z.strictObject({
  /** Subscription in which the environment is made. */
  subscriptionId: z.guid({ error: "is no GUID" }),
  /** ARM id of the public zone in which the certificate's challenge is answered. */
  zoneId: z
    .string()
    .regex(
      /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/dnsZones\/[^/]+$/i,
      "is no id of a public DNS zone",
    ),
  /** Issuer (`iss`) of the pipeline's tokens. Default: that of GitHub Actions. */
  issuer: z
    .url({ protocol: /^https$/, error: "is no https:// address" })
    .default("https://token.actions.githubusercontent.com"),
  /** Subject (`sub`) of the tokens of the pipeline that deploys. */
  deploySubject: subject,
  /** Subject of the tokens of the pipeline that renews the certificate. */
  renewSubject: subject,
  /** Resource group of the deployed environment; set it once it is there. */
  hostResourceGroup: z
    .string()
    .regex(/^[\w.()-]{1,90}$/, "is no name of a resource group")
    .optional(),
  /** `true` when `directory.kind` is `entraDomainServices`. Default `false`. */
  managedDomain: z.boolean({ error: "is neither true nor false" }).default(false),
});

export type Settings = z.output<typeof settings>;

/** @throws RunError with every mistake at once. */
export function readSettings(): Settings {
  const config = new pulumi.Config();
  const given = Object.keys(settings.shape).flatMap((name) => {
    const value = config.get(name);
    return value === undefined ? [] : [[name, name === "managedDomain" ? asFlag(value) : value]];
  });
  const result = settings.safeParse(Object.fromEntries(given));
  const problems = (result.error?.issues ?? []).map(({ path, code, message }) => {
    const name = path.join(".");
    const what = code === "invalid_type" && config.get(name) === undefined ? "is missing" : message;
    return `${config.name}:${name} ${what}: pulumi config set ${name} <value>`;
  });
  if (result.data?.deploySubject !== undefined && result.data.deploySubject === result.data.renewSubject) {
    problems.push(`${config.name}:renewSubject is the same as deploySubject: then the narrow identity guards nothing`);
  }
  if (result.data === undefined || problems.length > 0) throw new pulumi.RunError(problems.join("\n"));
  return result.data;
}

function asFlag(text: string): unknown {
  return text === "true" || (text === "false" ? false : text);
}
