import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { projectRoot } from "../../cli/project.ts";
import type { HostConnection } from "../../provider/configuration.ts";
import { hostScriptInput, loaderCommandLine } from "../../provider/connections/hostCommand.ts";
import { findPowerShell } from "../../sandbox/host/powershell/find.ts";
import { startTestCloud } from "../../tests/support/azureCloud.ts";
import { createWorkspace, type Workspace } from "../../tests/support/engine.ts";
import { startWindowsHost, type WindowsHost } from "../../tests/support/windowsHost.ts";
import { commandProgram, dscProgram, moduleName, moduleVersion } from "../host/programs.ts";
import type { Scenario } from "../main.ts";
import { inTurn, milliseconds } from "../measure.ts";
import { against, type BenchmarkResult } from "../result.ts";

const resources = 40;
const wantedFactor = 10;
const RUNS = 3;

/**
 * Forty DSC resources on one host over SSH, beside the same work by one remote Command for each of them, on the same SSH server. The
 * commands are run by the sandbox's command provider, which dials anew for each as the real one does.
 */
export const host: Scenario = {
  names: ["host-refresh"],
  async run(_selected, say) {
    const windows = await startWindowsHost();
    const cloud = await startTestCloud();
    const workspaces: Workspace[] = [];
    try {
      await windows.boot();
      const modules = [{ name: moduleName, version: moduleVersion }];
      await windows.run(loaderCommandLine, hostScriptInput("install-dsc-modules", { modules, source: "gallery" }));
      const connection = {
        address: windows.address,
        port: windows.sshPort,
        user: userInfo().username,
        hostKey: windows.keys.hostPublic,
        privateKey: windows.keys.user,
      } satisfies HostConnection;
      const own = await createWorkspace({ project: "own", plugins: { mfakit: `${projectRoot}/provider` } });
      workspaces.push(own);
      const peer = await createWorkspace({ project: "peer", env: { PULUMI_DEBUG_PROVIDERS: cloud.debugProviders } });
      workspaces.push(peer);
      return await measure({ windows, connection, own, peer, say });
    } finally {
      for (const workspace of workspaces) await workspace.remove();
      await cloud.stop();
      await windows.stop();
    }
  },
};

interface Bench {
  windows: WindowsHost;
  connection: HostConnection;
  own: Workspace;
  peer: Workspace;
  say: (line: string) => void;
}

async function measure({ windows, connection, own, peer, say }: Bench): Promise<BenchmarkResult[]> {
  const answers = findPowerShell() === undefined ? "simulated agent" : "PowerShell 7";
  const peerName = `${resources} remote Commands, ${answers}`;
  const first = Array.from({ length: resources }, () => "one");
  const changed = ["two", ...first.slice(1)];
  const sessions = counted(windows);

  say(`first up of ${resources} resources (${answers})`);
  await own.setProgram(dscProgram(projectRoot, connection, { values: first }));
  await peer.setProgram(commandProgram(connection, { values: first, look: 1 }));
  const up = await milliseconds(() => own.succeed(["up", "--yes", "--skip-preview"]));
  const upSessions = sessions();
  const peerUp = await milliseconds(() => peer.succeed(["up", "--yes", "--skip-preview"]));

  say("idle refresh");
  const idle = () => own.succeed(["preview", "--refresh", "--expect-no-changes"]);
  sessions();
  await idle();
  const idleSessions = sessions();
  let look = 1;
  const refresh = await inTurn(RUNS, idle, async () => {
    look += 1;
    await peer.setProgram(commandProgram(connection, { values: first, look }));
    await peer.succeed(["up", "--yes", "--skip-preview"]);
  });

  say("one property changed");
  await own.setProgram(dscProgram(projectRoot, connection, { values: changed }));
  await peer.setProgram(commandProgram(connection, { values: changed, look }));
  const change = await milliseconds(() => own.succeed(["up", "--yes", "--skip-preview"]));
  const peerChange = await milliseconds(() => peer.succeed(["up", "--yes", "--skip-preview"]));

  const oneSession = (operation: string, value: number): BenchmarkResult => ({
    name: `${operation}: SSH`,
    value,
    unit: "sessions",
    target: "1",
    met: value === 1,
  });
  return [
    against(peerName, peerUp, { name: "host-first-up", value: up, unit: "ms" }),
    oneSession("host-first-up", upSessions),
    against(peerName, refresh.peer, {
      name: "host-refresh",
      value: refresh.subject,
      unit: "ms",
      target: `at least ${wantedFactor} times faster`,
      met: refresh.peer >= wantedFactor * refresh.subject,
    }),
    oneSession("host-refresh", idleSessions),
    against("one remote Command again", peerChange, { name: "host-one-change", value: change, unit: "ms" }),
  ];
}

/** How many SSH sessions there were since the last call. */
function counted(windows: WindowsHost): () => number {
  const total = () => readFileSync(windows.logFile, "utf8").match(/Accepted publickey/g)?.length ?? 0;
  let before = total();
  return () => {
    const now = total();
    const since = now - before;
    before = now;
    return since;
  };
}
