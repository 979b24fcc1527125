import { Command, CommanderError, Option } from "commander";
import { UserError } from "../provider/engine/userError.ts";
import { errorText } from "./errorText.ts";
import { kitVersion } from "./project.ts";

const contextOption = [
  "--context <file>",
  "context file of the environment (default: the sandbox of this checkout)",
] as const;
const stackOption = ["--stack <name>", "stack of the current Pulumi backend, instead of a context"] as const;

/** Each command loads what it needs when it runs, so that `mfakit --help` and every other command start fast. */
function program(): Command {
  const mfakit = new Command("mfakit")
    .description("Verify, mend and try out an Azure MFA Server environment.")
    .version(kitVersion())
    .showHelpAfterError("(add --help for the accepted arguments)")
    .enablePositionalOptions()
    .exitOverride();

  mfakit
    .command("start")
    .description("start the sandbox, deploy the dev environment into it, verify it, and show what there is")
    .action(async () => run(import("./commands/start.ts")));

  const verify = mfakit
    .command("verify")
    .description("prove the procedure's steps from outside: DNS, TLS, the web services, the directory")
    .option(...contextOption)
    .option(...stackOption)
    .option("--json", "print the results as JSON")
    .action(async (options) => run(import("./commands/verify.ts"), options));
  verify
    .command("endpoint")
    .description("prove the public endpoint: name servers, CAA, chain, revocation, protocols, HSTS, port 80, expiry")
    .option(...contextOption)
    .option(...stackOption)
    .option("--json", "print the results as JSON")
    .action(async (options) => run(import("./commands/verifyEndpoint.ts"), options));

  const certificate = mfakit
    .command("certificate")
    .description("the public certificate: what there is, and renewing it");
  certificate
    .command("status")
    .description(
      "the certificate in the stack and the one that the endpoint serves; with a limit: one line for monitoring",
    )
    .option(...contextOption)
    .option(...stackOption)
    .option("--json", "print it as JSON")
    .option("--warning <days>", "WARNING (exit code 1) when fewer days are left")
    .option("--critical <days>", "CRITICAL (exit code 2) when fewer days are left")
    .option("--max-age <days>", "CRITICAL when the certificate is older: no renewal has happened")
    .action(async (options) => run(import("./commands/certificateStatus.ts"), options));
  certificate
    .command("renew")
    .description("order a new certificate now, through the engine's preview and update")
    .option(...contextOption)
    .option(...stackOption)
    .option("--yes", "do not ask")
    .action(async (options) => run(import("./commands/certificateRenew.ts"), options));
  certificate
    .command("history")
    .description("the certificates that the stack has had, newest first")
    .option(...contextOption)
    .option(...stackOption)
    .option("--json", "print them as JSON")
    .action(async (options) => run(import("./commands/certificateHistory.ts"), options));

  const words: object[] = [];
  mfakit
    .command("review")
    .description("judge a preview or a state by the rules of the policy pack, for a security reviewer")
    .option(...contextOption)
    .option(...stackOption)
    .option("--preview <file>", "review a saved `pulumi preview --json`, without engine or network")
    .option("--state <file>", "review a saved `pulumi stack export`, without engine or network")
    .option(
      "--format <name>",
      "table, json, sarif, junit, markdown or html; can be repeated (default: table)",
      (format) => words.push({ format }),
    )
    .option("--output <file>", "write the format before it into this file instead of standard output", (output) =>
      words.push({ output }),
    )
    .option("--policy-config <file>", "levels, settings and exemptions of the rules (default: policies/config.json)")
    .option("--compare <file>", "say what got better or worse since an earlier report in JSON")
    .option("--fail-on <severity>", "exit code 1 from low, medium, high, critical, or never (default: mandatory rules)")
    .action(async (options) => run(import("./commands/review.ts"), { ...options, words }));

  mfakit
    .command("rules")
    .description("print the catalogue of rules, or everything about one")
    .argument("[id]", "of one rule: MFA-NET-001")
    .option("--json", "print it as JSON")
    .action(async (id, options) => run(import("./commands/rules.ts"), id, options));

  mfakit
    .command("people")
    .description("who of the MFA group cannot use MFA yet, and why: exit code 0 everybody can, 3 somebody cannot")
    .option(...contextOption)
    .option(...stackOption)
    .addOption(new Option("--format <format>", "how to print them").choices(["table", "csv", "json"]).default("table"))
    .option("--not-ready", "only those who cannot")
    .option("--fix-plan <file>", "write an LDIF of proposed changes for review; it is never applied")
    .option("--country <code>", "in the plan, read numbers without a country code as of this country (ISO 3166, DE)")
    .action(async (options) => run(import("./commands/people.ts"), options));

  mfakit
    .command("recover")
    .description("after a killed deployment: settle the state's pending operations by asking what is really there")
    .option(...contextOption)
    .option(...stackOption)
    .action(async (options) => run(import("./commands/recover.ts"), options));

  mfakit
    .command("config")
    .description("check the environment's settings; prints every problem with the command that mends it")
    .option(...contextOption)
    .option(...stackOption)
    .action(async (options) => run(import("./commands/config.ts"), options));

  mfakit
    .command("pulumi")
    .description("run the Pulumi engine on the environment: mfakit pulumi preview --refresh --diff")
    .argument("[arguments...]", "passed on to pulumi")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[]) => run(import("./commands/pulumi.ts"), args));

  const sandbox = mfakit.command("sandbox").description("the local cloud and domain for development, demos and tests");
  sandbox
    .command("up")
    .description("start every part and wait until each answers")
    .action(async () => run(import("./commands/sandboxUp.ts")));
  sandbox
    .command("status")
    .description("what runs where")
    .option("--json", "print the record as JSON")
    .action(async (options) => run(import("./commands/sandboxStatus.ts"), options));
  sandbox
    .command("logs")
    .description("print the log of one part, or the last lines of all")
    .argument("[part]")
    .action(async (part) => run(import("./commands/sandboxLogs.ts"), part));
  sandbox
    .command("tamper")
    .description("break one thing behind the kit's back, to see that it is found")
    .argument("<what>")
    .action(async (what) => run(import("./commands/sandboxTamper.ts"), what));
  sandbox
    .command("down")
    .description("stop every process of the sandbox")
    .option("--purge", "remove its state as well")
    .action(async (options) => run(import("./commands/sandboxDown.ts"), options));
  return mfakit;
}

/** A command's module: `main` returns the exit code. */
interface CommandModule {
  // biome-ignore lint/suspicious/noExplicitAny: each command declares what it takes; commander hands it over untyped.
  main(...args: any[]): Promise<number>;
}

async function run(module: Promise<CommandModule>, ...args: unknown[]): Promise<void> {
  const { main } = await module;
  process.exitCode = await main(...args);
}

try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Exit codes: 0 done, 1 the answer is no or something is wrong, 2 the command line is wrong, 3 (`people`) somebody is
 * not ready, 70 a defect of the kit. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError) {
    process.stderr.write(errorText(error));
    return 1;
  }
  process.stderr.write(`This is a defect of mfakit, please report it:\n${(error as Error).stack ?? error}\n`);
  return 70;
}
