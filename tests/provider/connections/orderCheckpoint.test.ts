import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OrderCheckpoints, orderFolder } from "../../../provider/connections/orderCheckpoint.ts";

const KEY = ["https://ca.example/dir", "urn:pulumi:dev::p::mfakit:acme:Certificate::mfa"];

describe("the record of an order", () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "mfakit-checkpoint-")), "orders");
  });
  afterEach(() => rm(join(folder, ".."), { recursive: true }));

  const onlyFile = async () => join(folder, (await readdir(folder))[0] ?? "");
  /** A process that has ended, with its number. */
  const deadProcess = () => spawnSync(process.execPath, ["-e", ""]).pid;
  /** Makes the record that of another process. */
  const writtenBy = async (processId: number) => {
    const file = await onlyFile();
    const record = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify({ ...record, writer: { processId } }));
  };

  test("is there for the next process with the same wish, and for another wish is only what to clean up", async () => {
    const first = await new OrderCheckpoints(folder).open(KEY, "wish");
    expect(first.left).toBeUndefined();
    await Promise.all([first.save({ accountKeyPem: "account" }), first.save({ orderUrl: "https://ca.example/1" })]);
    await writtenBy(deadProcess());

    const second = await new OrderCheckpoints(folder).open(KEY, "wish");
    expect(second.left).toMatchObject({ wish: "wish", accountKeyPem: "account", orderUrl: "https://ca.example/1" });
    const third = await new OrderCheckpoints(folder).open(KEY, "another wish");
    await third.save({ privateKeyPem: "key" });
    expect(JSON.parse(await readFile(await onlyFile(), "utf8"))).toMatchObject({
      wish: "another wish",
      privateKeyPem: "key",
    });
    expect(await readFile(await onlyFile(), "utf8")).not.toContain("https://ca.example/1");
  });

  test("belongs to one resource at one authority, and names neither in its file name", async () => {
    const checkpoints = new OrderCheckpoints(folder);
    await (await checkpoints.open(KEY, "wish")).save({ orderUrl: "one" });
    await (await checkpoints.open([...KEY, "x"], "wish")).save({ orderUrl: "two" });
    const names = await readdir(folder);
    expect(names).toHaveLength(2);
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{32}\.json$/);
  });

  test("can be read by its user alone", async () => {
    await (await new OrderCheckpoints(folder).open(KEY, "wish")).save({ privateKeyPem: "key" });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(await onlyFile())).mode & 0o777).toBe(0o600);
  });

  test("is not taken from under a process that still works on it", async () => {
    await (await new OrderCheckpoints(folder).open(KEY, "wish")).save({ orderUrl: "one" });
    await writtenBy(process.ppid);
    const file = await onlyFile();
    const record = JSON.parse(await readFile(file, "utf8"));
    const { started } = await startOf(process.ppid);
    await writeFile(file, JSON.stringify({ ...record, writer: { processId: process.ppid, started } }));
    const opened = new OrderCheckpoints(folder).open(KEY, "wish");
    expect((await opened).left).toBeUndefined();
  }, 20_000);

  test("of a number that another process has now is that of a dead one", async () => {
    await (await new OrderCheckpoints(folder).open(KEY, "wish")).save({ orderUrl: "one" });
    const file = await onlyFile();
    const record = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify({ ...record, writer: { processId: process.ppid, started: "1" } }));
    expect((await new OrderCheckpoints(folder).open(KEY, "wish")).left).toMatchObject({ orderUrl: "one" });
  });

  test("goes when the engine ends its provider, but not when the engine is gone", async () => {
    for (const [engineIsAlive, left] of [
      [false, 1],
      [true, 0],
    ] as const) {
      const checkpoints = new OrderCheckpoints(folder);
      const checkpoint = await checkpoints.open(KEY, "wish");
      await checkpoint.save({ isFinished: true });
      await checkpoints.close(engineIsAlive);
      expect(await readdir(folder)).toHaveLength(left);
    }
    const unfinished = new OrderCheckpoints(folder);
    await (await unfinished.open(KEY, "wish")).save({ orderUrl: "one" });
    await unfinished.close(true);
    expect(await readdir(folder)).toHaveLength(1);
  });

  test("goes when the next operation finds its certificate in the state", async () => {
    const checkpoints = new OrderCheckpoints(folder);
    await checkpoints.settle(KEY, () => true);
    await (await checkpoints.open(KEY, "wish")).save({ privateKeyPem: "key", isFinished: true });
    const settle = (privateKeyPem: string) =>
      new OrderCheckpoints(folder).settle(KEY, (record) => record.privateKeyPem === privateKeyPem);
    await settle("other");
    expect(await readdir(folder)).toHaveLength(1);
    await settle("key");
    expect(await readdir(folder)).toEqual([]);
  });

  test("is forgotten after a week, and when it is damaged", async () => {
    await (await new OrderCheckpoints(folder).open(KEY, "wish")).save({ orderUrl: "one" });
    await writtenBy(deadProcess());
    const file = await onlyFile();
    const text = await readFile(file, "utf8");
    await writeFile(file, text.slice(0, -5));
    expect((await new OrderCheckpoints(folder).open(KEY, "wish")).left).toBeUndefined();
    await writeFile(file, text);
    const longAgo = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000);
    await utimes(file, longAgo, longAgo);
    expect((await new OrderCheckpoints(folder).open(["other"], "wish")).left).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });
});

test("a folder that cannot be written to is told before anything is ordered", async () => {
  const checkpoints = new OrderCheckpoints("/dev/null/orders");
  await expect(checkpoints.open(KEY, "wish")).rejects.toMatchObject({
    code: "ORDER_RECORD_UNWRITABLE",
    message: expect.stringContaining("PULUMI_HOME"),
  });
});

test("records lie in Pulumi's own folder", () => {
  expect(orderFolder({ PULUMI_HOME: "/srv/pulumi" })).toBe("/srv/pulumi/mfakit/orders");
  expect(orderFolder({})).toMatch(/\.pulumi\/mfakit\/orders$/);
});

async function startOf(processId: number): Promise<{ started: string | undefined }> {
  const fields = (await readFile(`/proc/${processId}/stat`, "utf8")).replace(/^.*\) /s, "").split(" ");
  return { started: fields[19] };
}
