import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import { status } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { PartialFailure } from "../../../provider/engine/definition.ts";
import type { CallContext, ProviderHandlers } from "../../../provider/engine/handlers.ts";
import { Empty, providerMessages as messages, statusMessages } from "../../../provider/engine/protocol.ts";
import { type ProviderServer, serveProvider } from "../../../provider/engine/server.ts";
import { decodeProperties, encodeProperties } from "../../../provider/engine/struct.ts";
import { Secret } from "../../../provider/engine/values.ts";
import { engineLog, ProtocolClient, type Refusal } from "./shelf/client.ts";

const urn = "urn:pulumi:dev::test::pkg:mod:Outer$pkg:mod:Thing::a::b";
const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve<S>(handlers: ProviderHandlers<S>): Promise<ProviderServer> {
  const server = await serveProvider({ name: "pkg", version: "1.2.3", handlers });
  closing.push(() => server.close());
  return server;
}

function connect(server: ProviderServer): ProtocolClient {
  const client = new ProtocolClient(server.port);
  closing.push(() => client.close());
  return client;
}

async function log(onMessage?: Parameters<typeof engineLog>[0]) {
  const engine = await engineLog(onMessage);
  closing.push(engine.close);
  return engine;
}

/** A connection to the provider that can be cut, as when the engine is killed. */
async function lineTo(port: number) {
  const sockets: Socket[] = [];
  const proxy = createServer((socket) => {
    const onward = createConnection(port, "127.0.0.1");
    sockets.push(socket, onward);
    for (const each of [socket, onward]) each.on("error", () => each.destroy());
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  closing.push(() => void proxy.close());
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return { port: (proxy.address() as AddressInfo).port, cut };
}

const refusal = (call: Promise<unknown>): Promise<Refusal> =>
  call.then(
    () => Promise.reject(new Error("the call was not refused")),
    (error: Refusal) => error,
  );

describe("the provider server", () => {
  it("introduces itself, and answers unimplemented for what it does not do", async () => {
    const client = connect(await serve({ configure: () => null }));
    const info = await client.call("getPluginInfo", new Empty());
    expect(info.getVersion()).toBe("1.2.3");
    const accepted = (await client.handshake("127.0.0.1:1")).toObject();
    expect(accepted).toMatchObject({ acceptSecrets: true, acceptResources: true, acceptOutputs: true });
    const configured = (await client.configure({})).toObject();
    expect(configured).toMatchObject({
      acceptsecrets: true,
      supportspreview: true,
      acceptresources: true,
      acceptoutputs: true,
    });
    expect(await refusal(client.create(urn, {}))).toMatchObject({ code: status.UNIMPLEMENTED });
    expect(await refusal(client.call("construct", new messages.ConstructRequest()))).toMatchObject({
      code: status.UNIMPLEMENTED,
    });
    expect(await refusal(client.call("call", new messages.CallRequest()))).toMatchObject({
      code: status.UNIMPLEMENTED,
    });
  });

  it("names the type and the resource of a URN that comes alone", async () => {
    const client = connect(
      await serve({
        configure: () => null,
        create: ({ type, name }) => ({ id: "1", outputs: { type, name } }),
      }),
    );
    await client.configure({});
    expect((await client.create(urn, {})).outputs).toEqual({ type: "pkg:mod:Thing", name: "a::b" });
  });

  it("keeps engines that are attached at the same time apart", async () => {
    const server = await serve<string>({
      configure: (inputs) => String(inputs.who),
      create: (_, { session, progress }) => {
        progress(`for ${session}`);
        return { id: session, outputs: {} };
      },
    });
    const [first, second] = [connect(server), connect(server)];
    const [firstLog, secondLog] = [await log(), await log()];
    await first.handshake(firstLog.address);
    await second.attach(secondLog.address);
    await first.configure({ who: "first" });
    await second.configure({ who: "second" });
    await second.cancel();
    expect((await first.create(urn, {})).id).toBe("first");
    expect(await refusal(second.create(urn, {}))).toMatchObject({ details: expect.stringContaining("cancelled") });
    expect(firstLog.logged).toEqual([{ severity: "info", message: "for first", urn, ephemeral: true }]);
    expect(secondLog.logged).toEqual([]);
  });

  it("shows messages beside the resource, without what is secret in the request or the configuration", async () => {
    const engine = await log();
    const client = connect(
      await serve({
        configure: (_, messages) => messages.hide("hidden-part"),
        create: (_, { progress, warn }) => {
          progress("with my-password now");
          warn("token-of-the-provider and hidden-part are wrong");
          throw new Error("my-password was refused", { cause: new Error("token-of-the-provider expired") });
        },
      }),
    );
    await client.handshake(engine.address);
    await client.configure({ token: new Secret("token-of-the-provider") });
    const refused = await refusal(client.create(urn, { nested: [{ password: new Secret("my-password") }] }));
    expect(refused).toMatchObject({ code: status.UNKNOWN, details: "[secret] was refused: [secret] expired" });
    expect(engine.logged).toEqual([
      { severity: "info", message: "with [secret] now", urn, ephemeral: true },
      { severity: "warning", message: "[secret] and [secret] are wrong", urn, ephemeral: false },
      {
        severity: "debug",
        message: expect.stringMatching(/^Error: \[secret\] was refused\n +at /),
        urn,
        ephemeral: false,
      },
    ]);
  });

  it("carries what exists of a half-made resource in the error's details", async () => {
    const certificate = "-".repeat(40_000);
    const client = connect(
      await serve({
        configure: () => null,
        create: () => {
          throw new PartialFailure("stopped halfway at my-password", "the-id", { certificate, echo: "is my-password" });
        },
      }),
    );
    await client.configure({});
    const { metadata, details } = await refusal(client.create(urn, { password: new Secret("my-password") }));
    expect(details).toBe("stopped halfway at [secret]");
    const [bytes] = metadata.get("grpc-status-details-bin") as Buffer[];
    const [any] = statusMessages.Status.deserializeBinary(bytes ?? Buffer.alloc(0)).getDetailsList();
    expect(any?.getTypeUrl()).toBe("type.googleapis.com/pulumirpc.ErrorResourceInitFailed");
    const failed = messages.ErrorResourceInitFailed.deserializeBinary(any?.getValue_asU8() ?? new Uint8Array());
    expect(failed.getId()).toBe("the-id");
    expect(failed.getReasonsList()).toEqual(["stopped halfway at [secret]"]);
    expect(decodeProperties(failed.getProperties())).toEqual({ certificate, echo: new Secret("is my-password") });
  });

  /** A handler that tells the engine that it runs, and ends when its signal says so. */
  const untilStopped = async (_: unknown, { signal, progress }: CallContext<null>) => {
    progress("running");
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    throw new Error("left the door open");
  };

  it("stops running calls when the engine cancels, and says where they were", async () => {
    const engine = await log(() => client.cancel());
    const client: ProtocolClient = connect(await serve({ configure: () => null, create: untilStopped }));
    await client.handshake(engine.address);
    await client.configure({});
    const { details } = await refusal(client.create(urn, {}));
    expect(details).toMatch(/was cancelled.*it was at: left the door open.*\[OPERATION_CANCELLED\]/);
  });

  it("stops a call at the resource's own timeout", async () => {
    const client = connect(await serve({ configure: () => null, create: untilStopped }));
    await client.configure({});
    const { details } = await refusal(client.create(urn, {}, { timeout: 0.05 }));
    expect(details).toMatch(/did not finish within 0.05 s.*\[OPERATION_TIMED_OUT\]/);
  });

  it("stops a call when its engine is gone", async () => {
    const ended = Promise.withResolvers<boolean>();
    const create = async (request: unknown, context: CallContext<null>) => {
      await untilStopped(request, context).catch(() => ended.resolve(context.signal.aborted));
      return { id: "1", outputs: {} };
    };
    const server = await serve({ configure: () => null, create });
    const line = await lineTo(server.port);
    const engine = await log(() => line.cut());
    const client = new ProtocolClient(line.port);
    closing.push(() => client.close());
    await client.handshake(engine.address);
    await client.configure({});
    await refusal(client.create(urn, {}));
    expect(await ended.promise).toBe(true);
  });

  it("closes every session once", async () => {
    const closed: string[] = [];
    const server = await serve<string>({
      configure: (inputs) => String(inputs.who),
      close: (session) => void closed.push(session),
    });
    await connect(server).configure({ who: "first" });
    await connect(server).configure({ who: "second" });
    await server.close();
    await server.close();
    expect(closed.toSorted()).toEqual(["first", "second"]);
  });

  it("joins the messages of several connection attempts, which Node leaves empty", async () => {
    const client = connect(
      await serve({
        configure: () => null,
        create: () => {
          throw new AggregateError([
            new Error("connect ECONNREFUSED ::1:636"),
            new Error("connect ECONNREFUSED 127.0.0.1:636"),
          ]);
        },
      }),
    );
    await client.configure({});
    const { details } = await refusal(client.create(urn, {}));
    expect(details).toBe("connect ECONNREFUSED ::1:636; connect ECONNREFUSED 127.0.0.1:636");
  });

  it("leaves the difference to the engine when the provider does not decide it", async () => {
    const client = connect(await serve({ configure: () => null }));
    await client.configure({});
    const news = encodeProperties({ a: 1 });
    const diff = await client.call("diff", new messages.DiffRequest().setUrn(urn).setNews(news));
    expect(diff.getChanges()).toBe(messages.DiffResponse.DiffChanges.DIFF_UNKNOWN);
    const check = await client.call("check", new messages.CheckRequest().setUrn(urn).setNews(news));
    expect(decodeProperties(check.getInputs())).toEqual({ a: 1 });
  });
});
