import { z } from "zod";

/** Version of the protocol between the kit and `scripts/windows/agent.ps1`; both sides refuse another one. */
export const protocolVersion = 1;

/**
 * A property value of a DSC resource on the wire. `{"$credential": {userName, password}}` becomes a PSCredential,
 * `{"$cim": class, "properties": {…}}` an embedded CIM instance. Answers never carry credentials.
 */
export type WireValue =
  | string
  | number
  | boolean
  | null
  | WireValue[]
  | { $credential: { userName: string; password: string } }
  | { $cim: string; properties: { [name: string]: WireValue } }
  | { [name: string]: WireValue };

export const wireValue: z.ZodType<WireValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(wireValue),
    z.strictObject({ $credential: z.strictObject({ userName: z.string(), password: z.string() }) }),
    z.strictObject({ $cim: z.string(), properties: z.record(z.string(), wireValue) }),
    z.record(z.string(), wireValue),
  ]),
);

const properties = z.record(z.string(), wireValue);
const base64 = z.base64();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const nothing = z.strictObject({});

/** One DSC resource with its desired properties. `version` is the exact version of the module. */
const dscParams = z.strictObject({ module: z.string(), version: z.string(), resource: z.string(), properties });
/** A section of a web.config as XML text: `<appSettings …>…</appSettings>`, plain or with `<EncryptedData>` inside. */
const sectionParams = z.strictObject({ section: z.string(), xml: z.string() });

/** Every method of the agent: what it does (the words of docs/agent-protocol.md), what it is given and what it answers. */
export const methods = {
  facts: {
    about:
      "What the kit needs to know of the host before it plans. `bootId` changes with each start of Windows; `modules` has the installed versions by module name.",
    params: nothing,
    result: z.object({
      computerName: z.string(),
      osCaption: z.string(),
      osBuild: z.string(),
      domain: z.string(),
      partOfDomain: z.boolean(),
      pendingReboot: z.boolean(),
      bootId: z.string(),
      powershell: z.string(),
      hotfixes: z.array(z.string()),
      modules: z.record(z.string(), z.array(z.string())),
    }),
  },
  "dsc.get": {
    about:
      "Get-TargetResource and Test-TargetResource; changes nothing. `version` is the exact version of the module; `current` has what Get returned, without credentials.",
    params: dscParams,
    result: z.object({ current: properties, inDesiredState: z.boolean() }),
  },
  "dsc.apply": {
    about:
      "Test, Set when the state does not hold, then Test and Get. `changed` is true when Set ran. `force` runs Set in any case: a changed password is something that no Test can see.",
    params: dscParams.extend({ force: z.boolean().optional() }),
    result: z.object({
      changed: z.boolean(),
      current: properties,
      inDesiredState: z.boolean(),
      rebootRequired: z.boolean(),
    }),
  },
  "file.read": {
    about: "A file's bytes. Refused with FILE_TOO_LARGE above `maxBytes`. `sha256` is of the bytes on disk.",
    params: z.strictObject({ path: z.string(), maxBytes: z.int().positive().optional() }),
    result: z.object({ exists: z.boolean(), contentBase64: base64.optional(), sha256: sha256.optional() }),
  },
  "file.write": {
    about:
      "Replaces a file atomically; its ACL stays. `expectedSha256` is the hash of what is there now (`null`: nothing is there), else FILE_CHANGED. With `backup` the old file stays beside it as `backupPath`.",
    params: z.strictObject({
      path: z.string(),
      contentBase64: base64,
      expectedSha256: sha256.nullable(),
      backup: z.boolean(),
    }),
    result: z.object({ sha256, backupPath: z.string().optional() }),
  },
  "webconfig.encrypt": {
    about:
      "The section with its content encrypted for this machine (DataProtectionConfigurationProvider); no file is touched.",
    params: sectionParams,
    result: z.object({ xml: z.string() }),
  },
  "webconfig.decrypt": {
    about: "The section in plain text, whichever provider encrypted it; no file is touched.",
    params: sectionParams,
    result: z.object({ xml: z.string() }),
  },
  "appPool.recycle": {
    about: "Recycles an application pool that runs; a stopped one is left stopped. `state` is what it is afterwards.",
    params: z.strictObject({ name: z.string() }),
    result: z.object({ recycled: z.boolean(), state: z.string() }),
  },
  "rights.get": {
    about:
      "Who holds a user right, by its constant (`SeBatchLogonRight`), and what says so: `local` or the name of the group policy object that defines it (RSoP).",
    params: z.strictObject({ policy: z.string() }),
    result: z.object({ identities: z.array(z.string()), source: z.string() }),
  },
  reboot: {
    about: "Restarts Windows; the answer comes before the connection drops.",
    params: nothing,
    result: nothing,
  },
  cancel: {
    about:
      "Gives a request up, by its id. Answered at once, also while another request is under way. The request itself is still answered: with CANCELLED when it had changed nothing yet, else with its result.",
    params: z.strictObject({ id: z.int().positive() }),
    result: nothing,
  },
} as const;

export type Method = keyof typeof methods;
export type Params<M extends Method> = z.infer<(typeof methods)[M]["params"]>;
export type Result<M extends Method> = z.infer<(typeof methods)[M]["result"]>;

/** What can go wrong on the host: stable names and what each means. */
export const agentErrors = {
  BAD_REQUEST:
    "The request is not one of this protocol: no JSON, a parameter too many or too few, XML that is no section.",
  UNKNOWN_METHOD: "There is no such method. Methods are compared with case.",
  MODULE_NOT_FOUND: "The module is not installed in that version.",
  RESOURCE_NOT_FOUND: "The module has no such DSC resource.",
  DSC_GET_FAILED: "Get-TargetResource failed or answered no hashtable.",
  DSC_TEST_FAILED: "Test-TargetResource failed or answered neither true nor false.",
  DSC_SET_FAILED: "Set-TargetResource failed; what it did before is still done.",
  FILE_CHANGED: "The file is not the one that was read. Nothing was written.",
  FILE_TOO_LARGE: "The file has more bytes than `maxBytes`.",
  FILE_READ_FAILED: "The file could not be read: a relative path, no permission, locked.",
  FILE_WRITE_FAILED: "The file could not be written; the old one is still there.",
  PROTECTION_FAILED: "The section could not be encrypted, or not be decrypted on this machine.",
  APP_POOL_NOT_FOUND: "There is no such application pool.",
  APP_POOL_FAILED: "IIS refused to recycle the pool.",
  RIGHTS_FAILED: "The user rights could not be read.",
  REBOOT_FAILED: "Windows refused to restart.",
  CANCELLED: "The request was given up before it changed anything.",
  INTERNAL: "Anything else: a defect of the agent.",
} as const;
export const agentErrorCode = z.enum(Object.keys(agentErrors) as [keyof typeof agentErrors]);
export type AgentErrorCode = z.infer<typeof agentErrorCode>;

/** The agent's first line. */
export const hello = z.object({
  agent: z.literal("mfakit"),
  protocol: z.literal(protocolVersion),
  powershell: z.string(),
  computerName: z.string(),
});
export type Hello = z.infer<typeof hello>;

export const agentError = z.object({
  code: agentErrorCode,
  message: z.string(),
  hresult: z.int().optional(),
  /** `[WebSite]Default Web Site`: the DSC resource that failed. */
  resource: z.string().optional(),
});
export type AgentErrorBody = z.infer<typeof agentError>;

/** One request of the kit; ids are unique within a connection, starting at 1. */
export const request = z.strictObject({
  id: z.int().positive(),
  method: z.string(),
  params: z.record(z.string(), z.unknown()),
});
export type Request = z.infer<typeof request>;

/** Any line of the agent after its hello. Requests are answered one at a time, in the order they came; only `cancel` is answered at once. */
export const reply = z.union([
  z.strictObject({ id: z.int(), progress: z.string() }),
  z.strictObject({ id: z.int(), ok: z.literal(true), result: z.record(z.string(), z.unknown()) }),
  z.strictObject({ id: z.int().nullable(), ok: z.literal(false), error: agentError }),
]);
export type Reply = z.infer<typeof reply>;
