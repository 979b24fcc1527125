import { expect, test } from "vitest";
import { readRecord } from "../../../sandbox/record.ts";
import { fakePart, isAlive, pidOf, processPart, temporaryLayout, watchedSupervisor } from "./fakes.ts";

test("a part that becomes ready after the stop began is stopped, and the start is refused", async () => {
  const layout = temporaryLayout();
  const { supervisor, noted } = watchedSupervisor(layout);
  const slow = fakePart("slow", { held: true });
  const quick = fakePart("quick");
  const later = fakePart("later", { needs: ["slow"] });
  const started = supervisor.start([slow, quick, later]);
  const refused = expect(started).rejects.toMatchObject({ code: "SANDBOX_INTERRUPTED" });
  await noted("quick", "ready");
  const stopped = supervisor.stop();
  slow.becomeReady();
  await Promise.all([stopped, refused]);
  expect([slow.stops, quick.stops]).toEqual([1, 1]);
  expect(later.portsBefore).toEqual([]);
  const states = Object.values(readRecord(layout)?.parts ?? {}).map(({ state }) => state);
  expect(states).toEqual(["stopped", "stopped", "stopped"]);
});

test("a process that is not ready yet is ended too", async () => {
  const layout = temporaryLayout();
  const { supervisor, noted } = watchedSupervisor(layout);
  const started = supervisor.start([processPart(layout, "stuck", { neverReady: true }), processPart(layout, "well")]);
  const refused = expect(started).rejects.toMatchObject({ code: "SANDBOX_INTERRUPTED" });
  const [stuck, well] = await Promise.all([pidOf(layout, "stuck"), pidOf(layout, "well"), noted("well", "ready")]);
  await Promise.all([supervisor.stop(), refused]);
  expect([isAlive(stuck), isAlive(well)]).toEqual([false, false]);
});

test("one failing part stops the others, and its cause is what the start throws", async () => {
  const layout = temporaryLayout();
  const { supervisor } = watchedSupervisor(layout);
  const well = fakePart("well");
  const bad = { ...fakePart("bad"), start: () => Promise.reject(new Error("no room")) };
  await expect(supervisor.start([well, bad])).rejects.toThrow("no room");
  expect(well.stops).toBe(1);
  expect(readRecord(layout)?.parts.bad).toMatchObject({ state: "failed", message: "no room" });
});

test("a failing finish stops everything", async () => {
  const { supervisor } = watchedSupervisor(temporaryLayout());
  const part = fakePart("part");
  await expect(supervisor.start([part], () => Promise.reject(new Error("disk full")))).rejects.toThrow("disk full");
  expect(part.stops).toBe(1);
});

test("a part that cannot be stopped does not keep the others running", async () => {
  const { supervisor } = watchedSupervisor(temporaryLayout());
  const first = fakePart("first");
  const stubborn = fakePart("stubborn", { needs: ["first"] });
  const start = stubborn.start;
  stubborn.start = async (...given) => ({ ...(await start(...given)), stop: () => Promise.reject(new Error("no")) });
  await supervisor.start([first, stubborn]);
  await supervisor.stop();
  expect(first.stops).toBe(1);
});
