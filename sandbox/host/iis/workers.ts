import { statSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../machine.ts";
import { compile } from "../product/compile.ts";
import type { Application, AppPool } from "../state.ts";
import { trustFingerprint, writeTrustFolder } from "./trustFolder.ts";
import { Worker } from "./worker.ts";

interface Running {
  /** What the process was started with; another value means that a new one has to take over. */
  fingerprint: string;
  worker: Promise<Worker>;
}

/** What the machine's programs need to know of the world around them. */
export interface Surroundings {
  /** `http://127.0.0.1:port` of the proxy that resolves names as this machine does. */
  proxyUrl: string;
  /** Holds the port of the product's main service while it runs. */
  servicePortFile: string;
}

/** The worker processes, one for each application that was asked for; replaced when configuration, pool or trust changes. */
export class Workers {
  readonly #machine: Machine;
  readonly #surroundings: Surroundings;
  readonly #running = new Map<string, Running>();

  constructor(machine: Machine, surroundings: Surroundings) {
    this.#machine = machine;
    this.#surroundings = surroundings;
  }

  /** The worker for an application as it is configured now. */
  async get(virtualPath: string, application: Application, pool: AppPool): Promise<Worker> {
    const directory = this.#machine.drive.real(application.physicalPath);
    const fingerprint = [
      directory,
      pool.generation,
      fileFingerprint(join(directory, "web.config")),
      trustFingerprint(this.#machine),
      this.#environment().join(),
    ].join("|");
    const running = this.#running.get(virtualPath);
    if (running?.fingerprint === fingerprint) {
      const worker = await running.worker;
      if (worker.isAlive) return worker;
    }
    // Another request may have replaced it while this one waited.
    const present = this.#running.get(virtualPath);
    if (present !== running && present?.fingerprint === fingerprint) return present.worker;
    const started = this.#start(virtualPath, directory);
    this.#running.set(virtualPath, { fingerprint, worker: started });
    started.catch(() => {
      if (this.#running.get(virtualPath)?.worker === started) this.#running.delete(virtualPath);
    });
    void running?.worker.then((worker) => worker.retire()).catch(() => {});
    return started;
  }

  /** Ends the workers of applications that are gone or whose pool is stopped. */
  async retain(isWanted: (virtualPath: string) => boolean): Promise<void> {
    await this.#end([...this.#running.keys()].filter((path) => !isWanted(path)));
  }

  async stop(): Promise<void> {
    await this.#end([...this.#running.keys()]);
  }

  async #end(paths: string[]): Promise<void> {
    const gone = paths.map((path) => this.#running.get(path));
    for (const path of paths) this.#running.delete(path);
    await Promise.all(gone.map((running) => running?.worker.then((worker) => worker.kill()).catch(() => {})));
  }

  async #start(virtualPath: string, directory: string): Promise<Worker> {
    return Worker.start(this.#machine, {
      program: await compile("AspHost", this.#machine.cacheDirectory),
      configurationHome: await writeTrustFolder(this.#machine),
      virtualPath,
      directory,
      environment: Object.fromEntries(this.#environment()),
    });
  }

  /** Domain and network as the application sees them; nothing of the domain before the computer has joined it. */
  #environment(): [string, string][] {
    const { options, windows } = this.#machine;
    const network: [string, string][] = [
      ["http_proxy", this.#surroundings.proxyUrl],
      ["https_proxy", this.#surroundings.proxyUrl],
      ["SANDBOX_SERVICE_PORT_FILE", this.#surroundings.servicePortFile],
    ];
    if (windows.domain === undefined) return network;
    return [
      ...network,
      ["SANDBOX_DOMAIN_NETBIOS", windows.domain.netbiosName],
      ["SANDBOX_DOMAIN_LDAP", options.directory.ldapsUrl],
      ["SANDBOX_DOMAIN_BASE", options.directory.baseDn],
      ["LDAPTLS_CACERT", options.directory.caFile],
    ];
  }
}

function fileFingerprint(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? "none" : `${stat.ino}-${stat.mtimeNs}-${stat.size}`;
}
