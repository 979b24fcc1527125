import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { CallContext } from "../../../provider/engine/handlers.ts";
import { resourceHandlers } from "../../../provider/engine/resources.ts";
import { type Properties, Secret, UNKNOWN } from "../../../provider/engine/values.ts";
import type { Shelf } from "./shelf/note.ts";
import { shelfProvider } from "./shelf/provider.ts";

const handlers = resourceHandlers(shelfProvider);
const note = { urn: "urn:pulumi:dev::test::shelf:notes:Note::n", type: "shelf:notes:Note", name: "n" };
const label = { urn: "urn:pulumi:dev::test::shelf:notes:Label::l", type: "shelf:notes:Label", name: "l" };
let context: CallContext<Shelf>;

beforeEach(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "mfakit-shelf-"));
  const silent = () => undefined;
  const signal = new AbortController().signal;
  context = { session: { folder, password: undefined }, signal, progress: silent, warn: silent };
  return () => rm(folder, { recursive: true });
});

describe("a resource definition", () => {
  it("previews what it knows, and everything else of its outputs as unknown", async () => {
    const inputs: Properties = { name: "first", text: UNKNOWN, kind: "plain", password: new Secret("swordfish") };
    const created = await handlers.create?.({ ...note, inputs, preview: true }, context);
    expect(created).toEqual({
      id: "",
      outputs: {
        name: "first",
        text: UNKNOWN,
        kind: "plain",
        copies: UNKNOWN,
        password: new Secret("swordfish"),
        labels: UNKNOWN,
        lines: UNKNOWN,
        box: UNKNOWN,
        renewAfter: UNKNOWN,
        greeting: UNKNOWN,
        token: new Secret(UNKNOWN),
        sha256: UNKNOWN,
        writtenAt: UNKNOWN,
      },
    });
    expect(await handlers.read?.({ ...note, id: "first" }, context)).toBeUndefined();
  });

  it("previews an update with what survives it", async () => {
    const inputs = { name: "first", text: "a" };
    const { id, outputs } = (await handlers.create?.({ ...note, inputs, preview: false }, context)) ?? {};
    const update = { ...note, id: String(id), oldInputs: inputs, oldOutputs: outputs ?? {}, ignoreChanges: [] };
    const planned = await handlers.update?.({ ...update, newInputs: { ...inputs, text: "b" }, preview: true }, context);
    expect(planned?.token).toEqual(outputs?.token);
    expect(planned?.token).toBeInstanceOf(Secret);
    expect(planned?.writtenAt).toBe(UNKNOWN);
  });

  it("echoes the inputs in a preview when it has none of its own", async () => {
    const inputs: Properties = { name: "one", colours: ["red", UNKNOWN] };
    const created = await handlers.create?.({ ...label, inputs, preview: true }, context);
    expect(created?.outputs).toEqual({ name: "one", colours: ["red", UNKNOWN], position: UNKNOWN });
  });

  it("marks on import what is secret by definition, in inputs too", async () => {
    const inputs = { name: "first", text: "a", password: "swordfish" };
    await handlers.create?.({ ...note, inputs, preview: false }, context);
    const found = await handlers.read?.({ ...note, id: "first" }, context);
    expect(found?.inputs).toMatchObject({ name: "first", text: "a", password: new Secret("swordfish") });
    expect(found?.outputs.token).toBeInstanceOf(Secret);
  });

  it("reads what is stored in the form that it is stored", async () => {
    const inputs: Properties = { name: "first", text: "a", lines: ["x", new Secret("private")] };
    const { id, outputs } = (await handlers.create?.({ ...note, inputs, preview: false }, context)) ?? {};
    // The state was written before `kind` had its default: a refresh must not add it.
    const found = await handlers.read?.({ ...note, id: String(id), inputs, outputs: outputs ?? {} }, context);
    expect(found?.inputs).toStrictEqual(inputs);
    expect(found?.outputs).toStrictEqual(outputs);
  });

  it("does not take a default for a change of what was stored without it", async () => {
    const oldInputs = { name: "first", text: "a" };
    const request = { ...note, id: "first", oldOutputs: {}, ignoreChanges: [], oldInputs };
    const same = await handlers.diff?.({ ...request, newInputs: { ...oldInputs, kind: "plain" } }, context);
    expect(same).toMatchObject({ changes: "none", detailedDiff: {} });
    const secret = { ...oldInputs, text: new Secret("a") };
    expect(await handlers.diff?.({ ...request, newInputs: secret }, context)).toMatchObject({ changes: "none" });
  });

  it("says how each property changes, and what the change costs", async () => {
    const oldInputs = { name: "first", text: "a", labels: { a: "1" } };
    const newInputs: Properties = { name: "second", text: "b", labels: { a: "1", b: UNKNOWN } };
    const request = { ...note, id: "first", oldOutputs: {}, ignoreChanges: [], oldInputs, newInputs };
    expect(await handlers.diff?.(request, context)).toEqual({
      changes: "some",
      detailedDiff: {
        name: { kind: "update-replace", inputDiff: true },
        text: { kind: "update", inputDiff: true },
        "labels.b": { kind: "add", inputDiff: true },
      },
      diffs: ["name", "text", "labels"],
      replaces: ["name"],
      deleteBeforeReplace: true,
    });
  });

  it("names a type that the provider does not have", async () => {
    const unknown = { ...note, type: "shelf:notes:Book", olds: {}, news: {}, randomSeed: new Uint8Array() };
    await expect(handlers.check?.(unknown, context)).rejects.toThrow(
      "The provider shelf 1.2.3 has no resource type shelf:notes:Book",
    );
    await expect(handlers.check?.({ ...unknown, type: "shelf:other:Book" }, context)).rejects.toThrow(
      "shelf:other:Book",
    );
  });
});

describe("a provider configuration", () => {
  const secretSignature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
  const configure = async (folder: unknown) => {
    const hidden: string[] = [];
    const session = await handlers.configure({ folder } as Properties, { hide: (text) => hidden.push(text) });
    return { session, hidden };
  };

  it("comes as JSON text, whole or in parts secret, and its secrets are hidden from messages", async () => {
    const expected = { session: { folder: "/a", password: "swordfish" }, hidden: ["swordfish"] };
    const text = JSON.stringify({ path: "/a", password: "swordfish" });
    expect(await configure(text)).toEqual(expected);
    expect(await configure(new Secret(text))).toEqual(expected);
    const nested = { path: "/a", password: { ...secretSignature, value: "swordfish" } };
    expect(await configure(JSON.stringify(nested))).toEqual(expected);
  });

  it("is refused with every problem and no secret", async () => {
    const error = await configure(JSON.stringify({ pat: "/a", password: 987_654 })).catch((reason: Error) => reason);
    expect(error).toMatchObject({ code: "PROVIDER_CONFIGURATION" });
    const { message } = error as Error;
    expect(message).toContain("folder.path: is required");
    expect(message).toContain('folder.pat: is not known; did you mean "path"?');
    expect(message).toContain("folder.password: must be text");
    expect(message).not.toContain("987");
    await expect(configure("{ no json")).rejects.toThrow("folder: must be JSON text");
  });

  it("passes while it is unknown", () => {
    const request = { urn: "", type: "pulumi:providers:shelf", name: "shelf", olds: {}, randomSeed: new Uint8Array() };
    expect(handlers.checkConfig?.({ ...request, news: { folder: UNKNOWN } })).toMatchObject({ failures: [] });
    const missing = handlers.checkConfig?.({ ...request, news: { version: "1.2.3" } });
    expect(missing).toMatchObject({ failures: [{ property: "", reason: "folder: is required" }] });
  });

  it("changes without replacing, and not at all when only its spelling changed", () => {
    const request = { urn: "", type: "", name: "", oldOutputs: {}, ignoreChanges: [] };
    const before = { folder: '{"path":"/a","password":"x"}' };
    const diff = (folder: string) => handlers.diffConfig?.({ ...request, oldInputs: before, newInputs: { folder } });
    expect(diff('{ "password": "x", "path": "/a" }')).toMatchObject({ changes: "none", replaces: [] });
    expect(diff('{"path":"/b","password":"x"}')).toEqual({ changes: "some", diffs: ["folder"], replaces: [] });
  });
});
