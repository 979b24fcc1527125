import type { z } from "zod";
import { completeSettings, type Settings } from "./complete.ts";
import { EnvironmentError } from "./error.ts";
import { readCertificates } from "./fields.ts";
import {
  certificateProblem,
  type Given,
  type LocatedProblem,
  mergeByPath,
  problemOfBreak,
  problemsOf,
  secretProblem,
  unknownKey,
  uselessSecret,
  valueAt,
} from "./messages.ts";
import { nearest } from "./nearest.ts";
import { brokenRules, type PartialSettings } from "./rules.ts";
import { type ParsedSettings, settingsSchema } from "./schema.ts";
import {
  type SecretDefinition,
  type SecretName,
  type Secrets,
  secretConditions,
  secretDefinitions,
} from "./secrets/definitions.ts";
import { readSshKey } from "./secrets/keys.ts";
import { providedCertificateProblems } from "./secrets/providedCertificate.ts";
import type { EnvironmentSource, SettingsSource } from "./source.ts";
import { withMissingGroups } from "./walk.ts";

/** Settings together with the host key that is accepted. */
export type EnvironmentSettings = Settings & { host: { management: { hostKey: string } } };

/** One environment, checked. `S` is the form of its secrets. */
export interface Environment<S> {
  settings: EnvironmentSettings;
  secrets: Secrets<S>;
  /** Public half of the secret `managementPrivateKey`, as authorized_keys wants it. */
  managementPublicKey: string;
}

/**
 * Reads and checks everything about an environment.
 * @throws EnvironmentError with every mistake at once.
 */
export function loadEnvironment<S>(source: EnvironmentSource<S>): Environment<S> {
  const { parsed, problems } = readSettings(source);
  const plain = readSecrets(source, problems, parsed);
  problems.push(...providedCertificateProblems(parsed, source.keys));
  const hostKey = acceptedHostKey(parsed, plain, problems);
  if (problems.length > 0) throw failure(source, problems);
  const settings = completeSettings(parsed as ParsedSettings);
  const sealed = Object.entries(plain).map(([name, value]) => [name, source.seal(value)]);
  return {
    settings: { ...settings, host: { ...settings.host, management: { ...settings.host.management, hostKey } } },
    secrets: Object.fromEntries(sealed) as Secrets<S>,
    managementPublicKey: publicKey(plain.managementPrivateKey),
  };
}

/**
 * Reads and checks the settings alone, where no secret is needed or to be had.
 * @throws EnvironmentError with every mistake at once.
 */
export function loadSettings(source: SettingsSource): Settings {
  const { parsed, problems } = readSettings(source);
  if (problems.length > 0) throw failure(source, problems);
  return completeSettings(parsed as ParsedSettings);
}

/** The settings that are right, and the problems of the others. Without problems the settings are complete. */
function readSettings(source: SettingsSource): { parsed: PartialSettings; problems: LocatedProblem[] } {
  const names = Object.keys(settingsSchema.shape);
  const set = Object.fromEntries(names.map((name) => [name, source.get(name)]));
  const values = withMissingGroups(settingsSchema, set);
  const given: Given = { values, isHidden: (section) => source.isEncrypted(section) === true };
  const problems = [...unknownKeys(source, given), ...plainTextSecrets(source)];
  const result = settingsSchema.safeParse(values);
  const issues = result.error?.issues ?? [];
  const ofTheirOwn = issues.flatMap((issue) => problemsOf(issue, given));
  const parsed = result.data ?? rightParts(values, issues);
  const between = brokenRules(parsed).map(problemOfBreak);
  problems.push(...withoutMisspelt([...ofTheirOwn, ...unsaid(between, ofTheirOwn)]));
  return { parsed: withCertificates(parsed, source, problems), problems };
}

function unknownKeys(source: SettingsSource, given: Given): LocatedProblem[] {
  const known = new Set([...Object.keys(settingsSchema.shape), ...Object.keys(secretDefinitions)]);
  return source.keys.filter((key) => !known.has(key)).map((key) => unknownKey(key, given));
}

function plainTextSecrets(source: SettingsSource): LocatedProblem[] {
  return secretNames
    .filter((name) => source.keys.includes(name) && source.isEncrypted(name) === false)
    .map((name) => secretProblem(name, "is stored as plain text: take it for known, and set a new one"));
}

/** The problems about settings of which nothing was said yet: a value that is wrong by itself is not missing as well. */
function unsaid(problems: LocatedProblem[], said: LocatedProblem[]): LocatedProblem[] {
  const isWithin = (at: LocatedProblem["at"], outer: LocatedProblem["at"]) =>
    outer.every((segment, index) => segment === at[index]);
  return problems.filter(({ at }) => !said.some((each) => isWithin(at, each.at)));
}

/** A required setting whose name is only misspelt is one mistake, not a missing and an unknown one. */
function withoutMisspelt(problems: LocatedProblem[]): LocatedProblem[] {
  const unknown = problems.filter(({ what }) => what.startsWith("is not a setting;"));
  const isMeant = (problem: LocatedProblem): boolean =>
    problem.what.startsWith("is missing") &&
    unknown.some(
      ({ at }) =>
        at.slice(0, -1).join("\0") === problem.at.slice(0, -1).join("\0") &&
        nearest(String(at.at(-1)), [String(problem.at.at(-1))]) !== undefined,
    );
  return problems.filter((problem) => !isMeant(problem));
}

/** What was given, without the parts that have issues; the rules between settings are told about the rest. */
function rightParts(values: unknown, issues: readonly z.core.$ZodIssue[]): PartialSettings {
  const copy = structuredClone(values);
  const wrong = issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
  );
  for (const path of wrong) {
    // A wrong element spoils its list: a list without it would be another one.
    const element = path.findIndex((segment) => typeof segment === "number");
    const at = element < 0 ? path : path.slice(0, element);
    const parent = valueAt(copy, at.slice(0, -1));
    const name = at.at(-1);
    if (typeof parent === "object" && parent !== null && name !== undefined) Reflect.deleteProperty(parent, name);
  }
  return copy as PartialSettings;
}

/** The settings that name certificates. */
const certificatePaths = [
  ["azure", "caCertificates"],
  ["directory", "caCertificates"],
  ["publicEndpoint", "trustedRoots"],
  ["certificate", "caCertificates"],
  ["certificate", "certificateFile"],
] as const;

/** Puts the PEM text in place of each path. */
function withCertificates(
  settings: PartialSettings,
  source: SettingsSource,
  problems: LocatedProblem[],
): PartialSettings {
  const result = structuredClone(settings);
  for (const path of certificatePaths) {
    const given = valueAt(result, path);
    if (typeof given !== "string") continue;
    const read = certificateText(given, source);
    if ("fault" in read) problems.push(certificateProblem(path, read.fault));
    else Object.assign(result[path[0]] as object, { [path[1]]: read.pem });
  }
  return result;
}

function certificateText(given: string, source: SettingsSource): { pem: string } | { fault: string } {
  const isText = given.includes("-----BEGIN");
  const name = isText ? "the PEM text" : `"${given}"`;
  let pem = given;
  try {
    if (!isText) pem = source.readFile(given);
  } catch (error) {
    return {
      fault: `is ${name}: the file cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown cause"})`,
    };
  }
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) return { fault: `is ${name}: it holds a private key` };
  if (readCertificates(pem) === undefined) return { fault: `is ${name}: it holds no certificate that can be read` };
  return { pem };
}

const secretNames = Object.keys(secretDefinitions) as SecretName[];

/** The secrets that are set, in plain text. */
function readSecrets<S>(
  source: EnvironmentSource<S>,
  problems: LocatedProblem[],
  settings: PartialSettings,
): Secrets<string> {
  const plain: Partial<Record<SecretName, string>> = {};
  for (const name of secretNames) {
    const { required, fault, fromFile }: SecretDefinition = secretDefinitions[name];
    const value = source.get(name);
    const condition = required === "always" || required === "never" ? undefined : secretConditions[required];
    if (value === undefined) {
      if (required === "always") problems.push(secretProblem(name, "is missing"));
      if (condition?.isMet(settings)) problems.push(secretProblem(name, `is missing, and ${condition.met}`));
      continue;
    }
    if (condition && !condition.isMet(settings)) {
      problems.push(uselessSecret(name, `is set, but ${condition.unmet}`));
    }
    const wrong = typeof value === "string" ? fault(value) : "is not text";
    if (wrong !== undefined) problems.push(secretProblem(name, wrong));
    else plain[name] = fromFile === undefined ? (value as string) : asTextFile(value as string);
  }
  return plain as Secrets<string>;
}

/** Pulumi drops the last line end of what is piped into it, and OpenSSH reads no key without one. */
function asTextFile(text: string): string {
  return `${text.replaceAll("\r\n", "\n").trimEnd()}\n`;
}

/** The host key given, else the public half of the key that the host gets; both must agree. */
function acceptedHostKey(
  settings: PartialSettings,
  secrets: Partial<Secrets<string>>,
  problems: LocatedProblem[],
): string {
  const given = settings.host?.management?.hostKey;
  const installed = secrets.hostPrivateKey === undefined ? undefined : publicKey(secrets.hostPrivateKey);
  if (given !== undefined && installed !== undefined && given !== installed) {
    problems.push(
      problemOfBreak({
        path: ["host", "management", "hostKey"],
        what: "is another key than the public half of hostPrivateKey",
        accepted: "not set, or the public half of hostPrivateKey",
        example: null,
      }),
    );
  }
  return given ?? installed ?? "";
}

function publicKey(privateKey: string): string {
  const key = readSshKey(privateKey);
  return "fault" in key ? "" : key.publicKey;
}

/** The problems in the order of the schema. */
function failure(source: SettingsSource, problems: readonly LocatedProblem[]): EnvironmentError {
  const order: string[] = [...Object.keys(settingsSchema.shape), ...secretNames];
  const rank = ({ at }: LocatedProblem): number => (order.indexOf(String(at[0])) + order.length) % order.length;
  return new EnvironmentError(source.name, mergeByPath([...problems].sort((a, b) => rank(a) - rank(b))));
}
