import { expect, test } from "vitest";
import { readRecord, sandboxState } from "../../../sandbox/record.ts";
import { fakePart, temporaryLayout, watchedSupervisor } from "./fakes.ts";

test("the ports of the run before reach the part and stay in the record until it is ready", async () => {
  const layout = temporaryLayout();
  const first = watchedSupervisor(layout).supervisor;
  await first.start([fakePart("azure", { ports: [{ arm: 4001 }] })]);
  await first.stop();
  const before = readRecord(layout);
  expect(before?.parts.azure).toMatchObject({ state: "stopped", ports: { arm: 4001 } });

  const { supervisor, notes } = watchedSupervisor(layout, before && { before });
  const azure = fakePart("azure", { ports: [{ arm: 4001 }] });
  await supervisor.start([azure]);
  expect(azure.portsBefore).toEqual([{ arm: 4001 }]);
  expect(notes[0]).toEqual(["azure", { state: "starting", pids: [], ports: { arm: 4001 } }]);
  await supervisor.stop();
});

test("a failed start keeps the ports for the next one", async () => {
  const layout = temporaryLayout();
  const first = watchedSupervisor(layout).supervisor;
  await first.start([fakePart("azure", { ports: [{ arm: 4001 }] })]);
  await first.stop();
  const before = readRecord(layout);
  const { supervisor } = watchedSupervisor(layout, before && { before });
  const bad = { ...fakePart("azure"), start: () => Promise.reject(new Error("no")) };
  await expect(supervisor.start([bad])).rejects.toThrow("no");
  expect(readRecord(layout)?.parts.azure).toMatchObject({ state: "failed", ports: { arm: 4001 } });
});

test("after an automatic restart what clients read is written again, with the new ports", async () => {
  const layout = temporaryLayout();
  const { supervisor } = watchedSupervisor(layout);
  const azure = fakePart("azure", { ports: [{ arm: 4001 }, { arm: 4002 }] });
  const written: unknown[] = [];
  const again = Promise.withResolvers<void>();
  await supervisor.start([azure, fakePart("host")], async ({ parts }) => {
    if (written.push(parts.azure?.ports) === 2) again.resolve();
  });
  expect(sandboxState(supervisor.record)).toBe("ready");
  azure.die();
  await again.promise;
  expect(written).toEqual([{ arm: 4001 }, { arm: 4002 }]);
  expect(azure.portsBefore).toEqual([{}, { arm: 4001 }]);
  await supervisor.stop();
});

test("a part that keeps ending is given up", async () => {
  const layout = temporaryLayout();
  const { supervisor, noted } = watchedSupervisor(layout);
  const part = fakePart("part");
  await supervisor.start([part]);
  for (const time of [2, 3, 4]) {
    part.die();
    await noted("part", "ready", time);
  }
  part.die();
  expect(await noted("part", "failed")).toMatchObject({ message: expect.stringContaining("ended 4 times") });
  expect(sandboxState(supervisor.record)).toBe("failed");
  await supervisor.stop();
});

test("a sandbox is not ready while a part waits for another or clients' files are not written", async () => {
  const { supervisor, noted } = watchedSupervisor(temporaryLayout());
  const slow = fakePart("slow", { held: true });
  const states: string[] = [];
  const started = supervisor.start(
    [slow, fakePart("quick"), fakePart("later", { needs: ["slow"] })],
    async (record) => {
      states.push(sandboxState(record));
    },
  );
  await noted("quick", "ready");
  states.push(sandboxState(supervisor.record));
  slow.becomeReady();
  await started;
  states.push(sandboxState(supervisor.record));
  expect(states).toEqual(["starting", "starting", "ready"]);
  await supervisor.stop();
});
