import { UserError } from "../../provider/engine/userError.ts";
import { daysBetween, parseDays } from "../certificate/days.ts";
import { judge, unknown, type Verdict } from "../certificate/monitoring.ts";
import { type CertificateStatus, certificateStatus } from "../certificate/status.ts";
import { type ContextOptions, findContext } from "../context.ts";
import { openEndpoint } from "../endpoint/open.ts";
import { refreshSandboxSettings } from "../sandboxSettings.ts";
import { table } from "../table.ts";

interface Options extends ContextOptions {
  json?: boolean;
  warning?: string;
  critical?: string;
  maxAge?: string;
}

/**
 * Without a limit: what there is, exit code 0 when the endpoint serves the stack's certificate, else 1. With one: a line for
 * monitoring, exit codes 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
 */
export async function main(options: Options): Promise<number> {
  if ([options.warning, options.critical, options.maxAge].some((limit) => limit !== undefined)) {
    const { line, exitCode } = await monitored(options);
    process.stdout.write(`${line}\n`);
    return exitCode;
  }
  const status = await look(options);
  process.stdout.write(options.json === true ? `${JSON.stringify(status, undefined, 2)}\n` : `${report(status)}\n`);
  return isRight(status) ? 0 : 1;
}

/** Whatever keeps it from an answer is UNKNOWN to monitoring: never an exit code that means something else there. */
async function monitored(options: Options): Promise<Verdict> {
  try {
    const limits = {
      warning: parseDays("--warning", options.warning),
      critical: parseDays("--critical", options.critical),
      maxAge: parseDays("--max-age", options.maxAge),
    };
    return judge(await look(options), limits, new Date());
  } catch (error) {
    if (error instanceof UserError) return unknown(error.message);
    throw error;
  }
}

async function look(options: ContextOptions): Promise<CertificateStatus> {
  const context = findContext(options);
  await refreshSandboxSettings(context);
  const { endpoint, outputs } = await openEndpoint(context);
  return certificateStatus(endpoint, outputs.certificate);
}

function isRight({ stack, served }: CertificateStatus): boolean {
  return !("fault" in served) && served.thumbprint === stack.thumbprint;
}

function report(status: CertificateStatus): string {
  const { hostName, stack } = status;
  const now = new Date();
  const fromAuthority = stack.renewalBy === "authority" ? "the authority says so" : "by the share of its lifetime";
  const due = stack.source === "provided" ? "another one is due" : "renewed";
  const rows = [
    ["Name", hostName],
    ["Source", stack.source],
    ["Issuer", stack.issuer],
    ["Thumbprint", stack.thumbprint],
    ["Valid", `${stack.notBefore} to ${stack.notAfter}, ${daysBetween(now, new Date(stack.notAfter))} days left`],
    ["Renewal", `${due} after ${stack.renewAfter} (${fromAuthority})`],
    ["Endpoint", endpointText(status)],
  ];
  return table(rows, "");
}

function endpointText({ stack, served }: CertificateStatus): string {
  if ("fault" in served) return `fails: ${served.fault}`;
  if (served.thumbprint === stack.thumbprint) return "serves this certificate";
  return `serves another one: ${served.thumbprint} from ${served.issuer}, until ${served.notAfter}; run pulumi up --refresh`;
}
