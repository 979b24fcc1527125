import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Drive } from "./drive.ts";
import { sameName } from "./names.ts";
import type { HostOptions } from "./options.ts";
import { installerContent, installFolder, providedInstallers } from "./product/installers.ts";
import type { WindowsState } from "./state.ts";
import { Store } from "./store.ts";
import { initialFeatures } from "./windows/features.ts";
import { initialFirewall } from "./windows/firewall.ts";
import { initialRights } from "./windows/rights.ts";
import { initialServices } from "./windows/services.ts";
import { WindowsError } from "./windowsError.ts";

export interface PowerOn {
  vmId: string;
  computerName: string;
  adminUsername: string;
}

/** The simulated virtual machine: its state, its disk, and the events that Azure or an administrator causes. */
export class Machine {
  readonly options: HostOptions;
  readonly store: Store;
  readonly drive: Drive;
  /** Makes what runs (sshd, listeners, worker processes) follow the state; set by whoever runs it. */
  follow: () => Promise<void> = async () => {};
  /** Ends every connection and process, as a restart does; set by whoever runs it. */
  halt: () => Promise<void> = async () => {};

  constructor(options: HostOptions) {
    this.options = options;
    this.store = new Store(options.stateDirectory);
    this.drive = new Drive(join(options.stateDirectory, "drive-c"));
  }

  /** Where compiled programs are kept; outside of the disk, so that a new machine need not compile them again. */
  get cacheDirectory(): string {
    return this.options.cacheDirectory ?? join(this.options.stateDirectory, "cache");
  }

  /** @throws WindowsError when the machine is off. */
  get windows(): WindowsState {
    const { windows } = this.store.state;
    if (windows === undefined)
      throw new WindowsError("The virtual machine is not running.", { hresult: "invalidOperation" });
    return windows;
  }

  get isOn(): boolean {
    return this.store.state.windows !== undefined;
  }

  /** To be called after every change of the state: it is on disk, and what runs follows it, when this resolves. */
  async changed(): Promise<void> {
    this.store.save();
    await this.follow();
  }

  /** Starts the machine; a new `vmId` gets a fresh disk with the installers that somebody put there. */
  async powerOn(start: PowerOn): Promise<void> {
    if (this.store.state.windows?.vmId === start.vmId) return;
    await this.powerOff();
    mkdirSync(this.drive.root, { recursive: true, mode: 0o700 });
    for (const folder of ["Windows\\Temp", "Program Files", "Program Files (x86)", "ProgramData", "Users"])
      this.drive.makeFolder(`C:\\${folder}`);
    for (const installer of providedInstallers) {
      this.drive.write(`${installFolder}\\${installer.fileName}`, installerContent(installer));
    }
    this.store.state.windows = {
      vmId: start.vmId,
      computerName: start.computerName,
      adminUsername: start.adminUsername,
      bootId: randomUUID(),
      bootedAt: new Date().toISOString(),
      pendingReboot: [],
      features: [...initialFeatures],
      modules: {},
      certificates: [],
      registry: {},
      services: initialServices(),
      rights: initialRights(),
      packages: {},
      firewall: initialFirewall(),
    };
    await this.changed();
  }

  /** The virtual machine and its disk are deleted. */
  async powerOff(): Promise<void> {
    await this.halt();
    this.store.wipe();
    rmSync(this.drive.root, { recursive: true, force: true });
    rmSync(join(this.options.stateDirectory, "private"), { recursive: true, force: true });
    mkdirSync(join(this.options.stateDirectory, "private"), { recursive: true, mode: 0o700 });
    await this.changed();
  }

  /** The computer account exists in the directory; Windows joins and restarts, as the extension does. */
  async join(domain: string, organizationalUnit: string): Promise<void> {
    const { directory } = this.options;
    if (!sameName(domain, directory.domain) && !sameName(domain, directory.netbiosName)) {
      throw new WindowsError(`The specified domain '${domain}' either does not exist or could not be contacted.`);
    }
    this.windows.domain = { name: directory.domain, netbiosName: directory.netbiosName, organizationalUnit };
    await this.reboot();
  }

  /** Connections drop, services start by their start types, a pending restart is done. */
  async reboot(): Promise<void> {
    const { windows } = this;
    await this.halt();
    windows.bootId = randomUUID();
    windows.bootedAt = new Date().toISOString();
    windows.pendingReboot = [];
    for (const service of Object.values(windows.services)) {
      service.state = service.startupType === "Automatic" ? "Running" : "Stopped";
    }
    for (const pool of Object.values(windows.iis?.pools ?? {})) {
      if (pool.settings.autoStart !== false) pool.state = "Started";
      pool.generation += 1;
    }
    await this.changed();
  }
}
