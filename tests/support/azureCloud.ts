/** A simulated Azure of a test's own: in this process, on loopback and free ports, with its own folder and certificate. */
import { randomInt } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type RequestOptions, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AzureConnection } from "../../provider/configuration.ts";
import { type Located, Registry } from "../../sandbox/azure/arm/registry.ts";
import { type Cloud, derivedGuid, startCloud } from "../../sandbox/azure/cloud.ts";
import { azureOptions } from "../../sandbox/azure/options.ts";
import { resourceTypes } from "../../sandbox/azure/types/index.ts";
import { openCertificateAuthority } from "../../sandbox/pki/index.ts";

export const tenantId = "7b5a1c1e-3a52-4c39-8f0e-9d4f1a0c2b33";
export const subscriptionId = "2f1c6a5e-7d0b-4b7c-9a55-0c6f1e5b7a10";
export const clientId = "c0b5a0b8-7f55-4f5f-9e0b-1b7a6f0d9e21";
export const clientSecret = "a-client-secret-of-the-test";
export const subscription = `/subscriptions/${subscriptionId}`;

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of ARM are free JSON; tests say what they expect of them.
  body: any;
}

export interface TestCloud {
  address: string;
  /** The deploying application as role assignments name it. */
  clientObjectId: string;
  ports: Cloud["ports"];
  caPem: string;
  stateDirectory: string;
  /** `PULUMI_DEBUG_PROVIDERS` of an engine that attaches to it. */
  debugProviders: string;
  /** A request to ARM with a token. Without `api-version` in the path, azure-native's version of the type is the caller's to give. */
  arm(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Answer>;
  /** Like `arm`, then polls the operation to its end and answers with what GET shows. Throws when ARM says no. */
  put(path: string, body: object): Promise<Answer["body"]>;
  /** Every resource of ARM as GET shows it, with azure-native's API versions. */
  bodies(): Promise<Answer["body"][]>;
  /** What the tenant's administrator does: `users` puts people in (with their licences), `appRoles` is what Graph lets the application read. */
  tenant(change: { users?: object[]; appRoles?: string[] }): Promise<void>;
  /** How the kit's clients reach this cloud. */
  readonly connection: AzureConnection;
  /** Requests so far by method and type. */
  counters(): Promise<Record<string, number>>;
  /** Switches faults on. */
  fault(...faults: object[]): Promise<void>;
  /** A form post to the login endpoint. */
  login(form: Record<string, string>, tenant?: string): Promise<Answer>;
  /** A request without any header of the helper's own. */
  raw(port: number, method: string, path: string, body?: string, headers?: Record<string, string>): Promise<Answer>;
  /** Stops it and starts it again on the same state, or on another one (the content of `cloud.json`). */
  restart(content?: string): Promise<void>;
  stop(): Promise<void>;
}

/** Overrides of the options; what is left out is filled in. */
export async function startTestCloud(overrides: Record<string, unknown> = {}): Promise<TestCloud> {
  const directory = mkdtempSync(join(tmpdir(), "mfakit-azure-"));
  const network = `127.${randomInt(100, 120)}.${randomInt(1, 255)}`;
  const authority = await openCertificateAuthority(join(directory, "pki"));
  const address = `${network}.20`;
  const certificate = { dnsNames: ["localhost"], ipAddresses: [address] };
  const tls = await authority.ensureCertificateFiles(join(directory, "pki"), "azure", certificate);
  const clientSecretFile = join(directory, "client-secret");
  writeFileSync(clientSecretFile, `${clientSecret}\n`, { mode: 0o600 });
  const stateDirectory = join(directory, "state");
  const options = azureOptions.parse({
    stateDirectory,
    address,
    dnsAddress: `${network}.53`,
    dnsPort: 0,
    tls,
    tenantId,
    subscriptionId,
    clientId,
    clientSecretFile,
    publicIpAddresses: [`${network}.30`, `${network}.31`, `${network}.32`],
    ...overrides,
  });
  let cloud = await startCloud(options);
  let token: string | undefined;

  const raw = (port: number, method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const target: RequestOptions = { host: address, port, method, path, headers, ca: authority.caPem, agent: false };
    return new Promise<Answer>((resolve, reject) => {
      const sent = request(target, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.once("error", reject).once("end", () => {
          const parsed = text === "" ? undefined : JSON.parse(text);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed });
        });
      });
      sent.once("error", reject).end(body);
    });
  };
  const login = (form: Record<string, string>, tenant = tenantId) =>
    raw(cloud.ports.login, "POST", `/${tenant}/oauth2/v2.0/token`, new URLSearchParams(form).toString(), {
      "content-type": "application/x-www-form-urlencoded",
    });
  const arm: TestCloud["arm"] = async (method, path, body, headers = {}) => {
    token ??= (
      await login({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope: "https://management.azure.com/.default",
      })
    ).body.access_token as string;
    const content = body === undefined ? undefined : JSON.stringify(body);
    const all = { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers };
    return raw(cloud.ports.arm, method, path, content, all);
  };
  return {
    address,
    clientObjectId: derivedGuid(`object of ${clientId}`),
    get ports() {
      return cloud.ports;
    },
    caPem: authority.caPem,
    stateDirectory,
    get debugProviders() {
      const { azureNative, azuread, command } = cloud.ports;
      return `azure-native:${azureNative},azuread:${azuread},command:${command}`;
    },
    arm,
    async put(path, body) {
      const accepted = await arm("PUT", path, body);
      if (accepted.status >= 300) throw new Error(`PUT ${path}: ${JSON.stringify(accepted.body)}`);
      await finished(accepted, arm);
      return (await arm("GET", path)).body;
    },
    login,
    raw,
    async bodies() {
      const { resources } = JSON.parse(readFileSync(join(stateDirectory, "cloud.json"), "utf8"));
      const registry = new Registry(resourceTypes);
      const known = resources.flatMap(({ id }: { id: string }) => registry.locate(id) ?? []) as Located[];
      const get = async ({ id, type }: Located) => (await arm("GET", `${id}?api-version=${type.apiVersion}`)).body;
      return Promise.all(known.map(get));
    },
    async tenant({ users, appRoles }) {
      const put = async (path: string, body: object) => {
        const answer = await raw(cloud.ports.graph, "PUT", `/_sandbox/${path}`, JSON.stringify(body));
        if (answer.status !== 204) throw new Error(JSON.stringify(answer.body));
      };
      if (users !== undefined) await put("users", users);
      if (appRoles !== undefined) await put("appRoles", appRoles);
    },
    get connection() {
      return {
        resourceManagerEndpoint: `https://${address}:${cloud.ports.arm}`,
        authorityHost: `https://${address}:${cloud.ports.login}/`,
        graphEndpoint: `https://${address}:${cloud.ports.graph}`,
        keyVaultAudience: `https://${address}:${cloud.ports.keyVault}`,
        tenantId,
        subscriptionId,
        clientId,
        clientSecret,
        caCertificates: authority.caPem,
      };
    },
    async counters() {
      return (await raw(cloud.ports.arm, "GET", "/_sandbox/counters")).body.byRequest;
    },
    async fault(...faults) {
      await raw(cloud.ports.arm, "POST", "/_sandbox/faults", JSON.stringify(faults));
    },
    async restart(content) {
      await cloud.close();
      if (content !== undefined) writeFileSync(join(stateDirectory, "cloud.json"), content);
      cloud = await startCloud(options);
    },
    async stop() {
      await cloud.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Polls `Azure-AsyncOperation` to its end; throws with the error body when the operation failed. */
export async function finished(accepted: Answer, arm: TestCloud["arm"]): Promise<void> {
  const url = accepted.headers["azure-asyncoperation"];
  if (typeof url !== "string") return;
  const { pathname, search } = new URL(url);
  for (;;) {
    const { body } = await arm("GET", pathname + search);
    if (body.status === "Succeeded") return;
    if (body.status !== "InProgress") throw new Error(JSON.stringify(body.error));
  }
}

/** What lies on disk, to look for what must not be there. */
export function stateText(cloud: TestCloud): string {
  return readFileSync(join(cloud.stateDirectory, "cloud.json"), "utf8");
}
