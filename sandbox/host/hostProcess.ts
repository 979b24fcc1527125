import { ControlServer } from "./control/server.ts";
import { HttpsServer } from "./iis/httpsServer.ts";
import { findPool } from "./iis/webServer.ts";
import { Workers } from "./iis/workers.ts";
import { Machine } from "./machine.ts";
import { ConnectProxy } from "./network/connectProxy.ts";
import { HostResolver } from "./network/resolver.ts";
import type { HostOptions } from "./options.ts";
import { PowerShellAgent } from "./powershell/agentRunner.ts";
import { findPowerShell } from "./powershell/find.ts";
import { ServiceListener } from "./product/serviceListener.ts";
import { simulatedScripts } from "./session/loader.ts";
import { Sessions } from "./session/sessions.ts";
import { Sshd, sshFingerprint } from "./session/sshd.ts";
import { allowsInbound } from "./windows/firewall.ts";
import { isRunning } from "./windows/services.ts";

/** The machine and everything that runs on it, kept in step with its state. */
export class HostProcess {
  readonly #machine: Machine;
  readonly #sshd = new Sshd();
  /** Who answers the agent's protocol, in words. */
  readonly agentAnswers: string;
  readonly #powershell: PowerShellAgent | undefined;
  readonly #sessions: Sessions;
  readonly #proxy: ConnectProxy;
  readonly #service: ServiceListener;
  readonly #workers: Workers;
  readonly #https: HttpsServer;
  readonly #control: ControlServer;
  readonly #sessionSocket: string;
  #turn: Promise<void> = Promise.resolve();
  #sshKey = "";

  constructor(options: HostOptions) {
    const machine = new Machine(options);
    this.#machine = machine;
    const powershell = options.powershell ?? findPowerShell() ?? false;
    this.#powershell = powershell === false ? undefined : new PowerShellAgent(machine, powershell);
    const agent = this.#powershell?.answer ?? simulatedScripts.agent;
    this.#sessions = new Sessions(machine, { ...simulatedScripts, agent });
    this.agentAnswers =
      powershell === false ? "the simulation itself (no PowerShell 7 here)" : `the real agent script, in ${powershell}`;
    // Beside the control socket: the path of a unix socket is limited to about 100 bytes, and that one is known to fit.
    this.#sessionSocket = `${options.controlSocket}.ssh`;
    this.#proxy = new ConnectProxy(machine, new HostResolver(machine));
    this.#service = new ServiceListener(machine);
    const proxy = this.#proxy;
    this.#workers = new Workers(machine, {
      get proxyUrl() {
        return proxy.url;
      },
      servicePortFile: this.#service.portFile,
    });
    this.#https = new HttpsServer(machine, this.#workers);
    this.#control = new ControlServer(machine);
    machine.follow = () => this.#follow();
    machine.halt = () => this.#halt();
  }

  async start(): Promise<{ ssh: number; https: number }> {
    const { options } = this.#machine;
    await this.#sessions.listen(this.#sessionSocket);
    await this.#proxy.listen();
    await this.#follow();
    await this.#control.listen(options.controlSocket);
    return { ssh: this.#machine.store.state.windows?.ssh?.port ?? options.sshPort, https: options.httpsPort };
  }

  async stop(): Promise<void> {
    await this.#control.close();
    await this.#halt();
    await this.#sessions.close();
    this.#powershell?.close();
    await this.#proxy.close();
  }

  #follow(): Promise<void> {
    return this.#inTurn(() => this.#followOnce());
  }

  #halt(): Promise<void> {
    return this.#inTurn(() => this.#haltOnce());
  }

  /** One after the other: two changes at once must not start the same thing twice. */
  #inTurn(step: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.catch(() => {}).then(step);
    return this.#turn;
  }

  async #followOnce(): Promise<void> {
    const { windows } = this.#machine.store.state;
    this.#powershell?.follow();
    await this.#followSsh();
    await this.#service.follow();
    await this.#https.follow();
    await this.#workers.retain((path) => {
      const site = Object.values(windows?.iis?.sites ?? {}).find(
        (candidate) => candidate.applications[path.slice(1)] !== undefined,
      );
      const application = site?.applications[path.slice(1)];
      const pool =
        application === undefined || windows?.iis === undefined
          ? undefined
          : findPool(windows.iis, application.applicationPool);
      return pool?.pool.state === "Started";
    });
  }

  async #followSsh(): Promise<void> {
    const { options, store } = this.#machine;
    const { windows } = store.state;
    const port = windows?.ssh?.port;
    const wanted =
      windows !== undefined && port !== undefined && isRunning(windows, "sshd") && allowsInbound(windows, port);
    // sshd reads its keys at its start.
    const key = wanted ? `${port} ${sshFingerprint(options.stateDirectory)}` : "";
    if (key === this.#sshKey && this.#sshd.isRunning === wanted) return;
    await this.#sshd.stop();
    if (wanted) {
      const user = options.authorizedUser === undefined ? {} : { user: options.authorizedUser };
      await this.#sshd.start({
        stateDirectory: options.stateDirectory,
        address: options.address,
        port,
        sessionSocket: this.#sessionSocket,
        ...user,
      });
    }
    this.#sshKey = key;
  }

  async #haltOnce(): Promise<void> {
    await this.#sshd.stop();
    this.#sshKey = "";
    this.#sessions.drop();
    await this.#https.stop();
    await this.#workers.stop();
    await this.#service.stop();
  }
}
