import { writeFile } from "node:fs/promises";
import { connectionsOf } from "../../environment/connections.ts";
import { openDirectory } from "../../provider/connections/ldap.ts";
import { UserError } from "../../provider/engine/userError.ts";
import { type ContextOptions, findContext } from "../context.ts";
import { loadContextEnvironment } from "../environment.ts";
import { fixPlan } from "../people/fixPlan.ts";
import { counts, type Format, render } from "../people/formats.ts";
import { type PeopleReport, readPeople } from "../people/readPeople.ts";
import { refreshSandboxSettings } from "../sandboxSettings.ts";

export interface PeopleOptions extends ContextOptions {
  format: Format;
  /** List only those who are not ready. */
  notReady?: boolean;
  /** Path of the LDIF to write. */
  fixPlan?: string;
  /** ISO 3166 code for numbers without a country code. */
  country?: string;
}

/**
 * Lists the people of the MFA group as the directory has them now. Reads only.
 *
 * Exit code 0: everybody is ready. 3: somebody is not, or the group has no people. 1: it could not be found out.
 */
export async function main(options: PeopleOptions): Promise<number> {
  const country = options.country === undefined ? undefined : await supportedCountry(options.country);
  const context = findContext(options);
  await refreshSandboxSettings(context);
  const { settings, secrets } = await loadContextEnvironment(context);
  const directory = await openDirectory(connectionsOf(settings, secrets).directory);
  try {
    const report = await readPeople(directory, settings.directory.mfaUsers.name, new Date());
    const shown = options.notReady === true ? report.people.filter(({ reasons }) => reasons.length > 0) : report.people;
    process.stdout.write(render(report, shown, options.format));
    if (options.fixPlan !== undefined) await writePlan(options.fixPlan, report, directory.domain, country);
    const { total, notReady } = counts(report);
    return total > 0 && notReady === 0 ? 0 : 3;
  } finally {
    await directory.close();
  }
}

type Country = Awaited<ReturnType<typeof supportedCountry>>;

/** @throws UserError `FIX_PLAN_EXISTS`: a plan that somebody may have completed is never overwritten. */
async function writePlan(
  file: string,
  report: PeopleReport,
  domain: string,
  country: Country | undefined,
): Promise<void> {
  try {
    // Only for its owner: it has people's telephone numbers.
    const plan = fixPlan(report, { domain, country });
    await writeFile(file, plan, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new UserError(
      exists ? "FIX_PLAN_EXISTS" : "FIX_PLAN_UNWRITABLE",
      {
        what: `the plan is not written to ${file}`,
        why: exists ? "the file exists already, and somebody may have completed it" : (cause as Error).message,
        next: exists ? "Name another file, or remove this one." : "Name a file in a folder that can be written to.",
      },
      { cause },
    );
  }
  process.stderr.write(`The plan is in ${file}. Nothing has been changed.\n`);
}

/** @throws UserError `UNKNOWN_COUNTRY` */
async function supportedCountry(text: string) {
  const { isSupportedCountry } = await import("libphonenumber-js/min");
  const code = text.toUpperCase();
  if (isSupportedCountry(code)) return code;
  throw new UserError("UNKNOWN_COUNTRY", {
    what: `--country ${text} is no country with telephone numbers`,
    why: "two letters of ISO 3166 are expected",
    next: "Give for example --country DE.",
  });
}
