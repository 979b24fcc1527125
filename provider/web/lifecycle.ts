import type { Connections } from "../connections/connections.ts";
import { ConnectionLost, HostError } from "../connections/hostErrors.ts";
import { type Lifecycle, type LifecycleContext, PartialFailure } from "../engine/definition.ts";
import { compareInputs } from "../engine/difference.ts";
import { UserError } from "../engine/userError.ts";
import { isUnknown } from "../engine/values.ts";
import { checkSettings } from "./check.ts";
import { withSettings } from "./edit.ts";
import { encryptedText, type FileCalls, type HostFile, readHostFile, replaceHostFile } from "./hostFile.ts";
import type { ConfigFileInputs, ConfigFileOutputs } from "./schema.ts";
import {
  allApplicationSettings,
  allAppSettings,
  findApplicationSetting,
  findAppSetting,
  type Settings,
} from "./settings.ts";

type Context = LifecycleContext<Connections>;

/** The named settings of one web.config; the file itself belongs to the product. */
export const configFileLifecycle: Lifecycle<ConfigFileInputs, ConfigFileOutputs, Connections> = {
  check: (inputs) => checkSettings(inputs),

  diff(_id, oldInputs, oldOutputs, newInputs) {
    const difference = compareInputs(oldInputs, newInputs, { replaceOn: ["path"] });
    // Another spelling of the same Windows path is the same file.
    const same = !isUnknown(newInputs.path) && oldInputs.path.toLowerCase() === newInputs.path.toLowerCase();
    if (same) delete difference.changes.path;
    if (oldOutputs.recyclePending === true && newInputs.applicationPool !== undefined)
      difference.changes.applicationPool ??= "update";
    return difference;
  },

  async create(inputs, context) {
    return { id: inputs.path, outputs: await ensure(inputs, context, false) };
  },

  async read(id, old, context) {
    const file = await readHostFile(old?.inputs.path ?? id, await calls(context));
    if (file === undefined) return undefined;
    if (old === undefined) {
      const inputs = { path: id, ...everySetting(file), encrypt: file.encrypted };
      return { id, inputs, outputs: outputsOf(inputs, file) };
    }
    const found = namedSettings(file, old.inputs);
    // A file that somebody encrypted is as good as declared; one that somebody decrypted is not.
    const encrypt = old.inputs.encrypt && file.encrypted;
    const outputs = { ...outputsOf(old.inputs, file), ...pending(old.outputs.recyclePending === true) };
    return { id, inputs: { ...old.inputs, ...found, encrypt }, outputs };
  },

  update: (_id, oldOutputs, newInputs, _oldInputs, context) =>
    ensure(newInputs, context, oldOutputs.recyclePending === true),

  // The file is the product's, and it cannot run without its settings: what was set stays until the product goes.
  delete: async () => undefined,
};

/** Brings the file's settings about, and recycles the pool when that took a change or an earlier one is still to be taken up. */
async function ensure(inputs: ConfigFileInputs, context: Context, recyclePending: boolean): Promise<ConfigFileOutputs> {
  const file = calls(context);
  const { present, changed } = await settle(inputs, await file);
  const outputs = outputsOf(inputs, present);
  if ((changed || recyclePending) && inputs.applicationPool !== undefined)
    await recycle(inputs.applicationPool, inputs.path, outputs, await file);
  return outputs;
}

/** Reads, edits and writes, anew while somebody else writes in between; the last look is at what is really there. */
async function settle(inputs: ConfigFileInputs, file: FileCalls): Promise<{ present: HostFile; changed: boolean }> {
  let changed = false;
  for (let writes = 0; ; writes++) {
    const present = await readHostFile(inputs.path, file, deploymentWaitSeconds);
    if (present === undefined) throw missingFile(inputs.path);
    const text = await wantedText(present, inputs, file);
    if (text === present.stored.text) return { present, changed };
    if (writes === mostWrites) throw contested(inputs.path);
    changed = true;
    await replaceHostFile(present, text, file);
  }
}

/** Once, and once more when the file changed in between. */
const mostWrites = 2;
/** The host may just have been made by the same deployment. */
const deploymentWaitSeconds = 600;

/** The file's text as it shall be. Equal to what is stored when nothing has to change: encrypting anew would differ each time. */
async function wantedText(present: HostFile, inputs: ConfigFileInputs, file: FileCalls): Promise<string> {
  const text = withSettings(present.plain, inputs);
  const shallBeEncrypted = present.encrypted || inputs.encrypt;
  if (text === present.plain.text && shallBeEncrypted === present.encrypted) return present.stored.text;
  if (!shallBeEncrypted) return text;
  return encryptedText(text, inputs.path, file);
}

async function recycle(name: string, path: string, outputs: ConfigFileOutputs, file: FileCalls): Promise<void> {
  try {
    await file.host.request("appPool.recycle", { name }, file);
  } catch (error) {
    if (!(error instanceof HostError || error instanceof ConnectionLost || file.signal.aborted)) throw error;
    const why = (error as Error).message.replace(/\.$/, "");
    throw new PartialFailure(
      `${path} has its new settings, but the application pool ${name} was not recycled: ${why}. ` +
        "Check applicationPool and run the deployment again: it recycles the pool.",
      path,
      { ...outputs, ...pending(true) },
      { cause: error },
    );
  }
}

/** Left out when there is nothing to do. */
function pending(recyclePending: boolean): Pick<ConfigFileOutputs, "recyclePending"> {
  return recyclePending ? { recyclePending } : {};
}

async function calls(context: Context): Promise<FileCalls> {
  return { host: await context.connections.host(), signal: context.signal, progress: context.progress };
}

function outputsOf(inputs: ConfigFileInputs, file: HostFile): ConfigFileOutputs {
  return { path: inputs.path, ...namedSettings(file, inputs), sha256: file.sha256 };
}

/** The settings that the inputs name, as the file has them, under the names that the inputs use; a missing one is left out. */
function namedSettings({ plain }: HostFile, inputs: ConfigFileInputs): Settings {
  return {
    appSettings: present(inputs.appSettings, (key) => findAppSetting(plain, key)?.value),
    applicationSettings: present(inputs.applicationSettings, (suffix) => findApplicationSetting(plain, suffix)?.value),
  };
}

function everySetting({ plain }: HostFile): Settings {
  const applicationSettings = allApplicationSettings(plain).map(({ name, value }) => [name, value]);
  return { appSettings: allAppSettings(plain), applicationSettings: Object.fromEntries(applicationSettings) };
}

function present(named: Record<string, string>, find: (name: string) => string | undefined): Record<string, string> {
  const found = Object.keys(named).map((name) => [name, find(name)] as const);
  return Object.fromEntries(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function missingFile(path: string): UserError {
  return new UserError("CONFIG_FILE_MISSING", {
    what: `${path} does not exist on the host`,
    why: "the product's installer makes it, and it has not run there or installs into another folder",
    next: "Check the path and that the installation came first.",
  });
}

function contested(path: string): UserError {
  return new UserError("CONFIG_FILE_CONTESTED", {
    what: `${path} could not be changed`,
    why: "another program changed it each time between reading and writing",
    next: "Find out what writes to it, and run the deployment again.",
  });
}
