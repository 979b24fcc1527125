import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";

/**
 * Hands `use` a copy of a settings file that asks for a new certificate, and removes it afterwards: the file itself, which usually is
 * under version control, stays as it is. The secrets in it stay encrypted.
 */
export async function withRenewalTrigger<T>(
  configFile: string,
  trigger: string,
  use: (copy: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "mfakit-renew-"));
  try {
    const settings = parseDocument(readFileSync(configFile, "utf8"));
    settings.setIn(["config", "mfa-server:certificate", "renewalTrigger"], trigger);
    const copy = join(folder, "settings.yaml");
    writeFileSync(copy, settings.toString({ lineWidth: 0 }), { mode: 0o600 });
    return await use(copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
