import { mkdirSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { liveRecord, settledRecord, stopSandbox } from "../../../sandbox/client.ts";
import { askHost } from "../../../sandbox/hostClient.ts";
import { launchSandbox } from "../../../sandbox/launch.ts";
import type { SandboxLayout } from "../../../sandbox/layout.ts";
import { readRecord } from "../../../sandbox/record.ts";
import { fakePart, temporaryLayout, watchedSupervisor } from "./fakes.ts";

async function serve(socket: string, answer: RequestListener): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
}

/** A folder in the record's place: no file can be renamed onto it. */
function blockRecord(layout: SandboxLayout): () => void {
  rmSync(layout.recordFile, { force: true });
  mkdirSync(join(layout.recordFile, "in-the-way"), { recursive: true });
  return () => rmSync(layout.recordFile, { recursive: true });
}

test("a record that cannot be written refuses the start, before any part of it runs", async () => {
  const layout = temporaryLayout();
  blockRecord(layout);
  const { supervisor } = watchedSupervisor(layout);
  const part = fakePart("part");
  await expect(supervisor.start([part])).rejects.toThrow(/rename/);
  expect(part.portsBefore).toEqual([]);
});

test("a failed write while a part is restarted fails that part alone, and does not spoil the next write", async () => {
  const layout = temporaryLayout();
  const { supervisor, noted } = watchedSupervisor(layout);
  const [part, other] = [fakePart("part"), fakePart("other")];
  await supervisor.start([part, other]);
  const unblock = blockRecord(layout);
  part.die();
  await noted("part", "failed");
  unblock();
  other.die();
  await noted("other", "ready", 2);
  await supervisor.stop();
  expect(readRecord(layout)?.parts).toMatchObject({ part: { state: "failed" }, other: { state: "stopped" } });
});

test("a part whose end is an error is restarted like any other", async () => {
  const { supervisor, noted } = watchedSupervisor(temporaryLayout());
  const ended = Promise.withResolvers<void>();
  const part = fakePart("part");
  const start = part.start;
  part.start = async (...given) => {
    const running = await start(...given);
    return part.portsBefore.length === 1 ? { ...running, ended: ended.promise } : running;
  };
  await supervisor.start([part]);
  ended.reject(new Error("crashed"));
  await noted("part", "ready", 2);
  await supervisor.stop();
});

test("a supervisor that breaks off its answer is not running", async () => {
  const layout = temporaryLayout();
  await serve(layout.controlSocket, (_request, response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write('{"version":1,', () => response.destroy());
  });
  expect(await liveRecord(layout)).toBeUndefined();
});

test("no supervisor: nothing to stop, nothing to wait for", async () => {
  const layout = temporaryLayout();
  expect(await stopSandbox(layout)).toBe(false);
  expect(await settledRecord(layout, {})).toBeUndefined();
});

test("a start in progress is waited for, until it is ready or for a bounded time", async () => {
  const layout = temporaryLayout();
  const { supervisor } = watchedSupervisor(layout);
  const part = fakePart("part", { held: true });
  const started = supervisor.start([part]);
  await serve(layout.controlSocket, (_request, response) => response.end(JSON.stringify(supervisor.record)));
  await expect(settledRecord(layout, { deadline: 0 })).rejects.toMatchObject({ code: "SANDBOX_STARTING" });
  const record = await settledRecord(layout, { onWait: () => part.becomeReady() });
  expect(record?.parts.part?.state).toBe("ready");
  await started;
  await supervisor.stop();
});

test("a host that breaks off its answer rejects", async () => {
  const layout = temporaryLayout();
  const socket = join(layout.root, "host.sock");
  await serve(socket, (_request, response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write("[", () => response.destroy());
  });
  await expect(askHost(socket, "GET", "/installers")).rejects.toThrow();
});

test("a host that answers no JSON rejects", async () => {
  const layout = temporaryLayout();
  const socket = join(layout.root, "host.sock");
  await serve(socket, (_request, response) => response.end("<html>"));
  await expect(askHost(socket, "GET", "/installers")).rejects.toThrow(/did not answer \/installers with JSON/);
});

test("a launch that is interrupted from the start settles with an error", async () => {
  const layout = temporaryLayout();
  const signal = AbortSignal.abort();
  const launched = launchSandbox({ layout, settingsFile: join(layout.root, "none.yaml"), signal });
  await expect(launched).rejects.toMatchObject({ name: "UserError" });
});
