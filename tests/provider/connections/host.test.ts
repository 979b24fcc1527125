import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type HostSession, openHost } from "../../../provider/connections/host.ts";
import { loaderCommandLine } from "../../../provider/connections/hostCommand.ts";
import { ConnectionLost, HostError } from "../../../provider/connections/hostErrors.ts";
import { MemoryAgent } from "../../support/memoryAgent.ts";
import { startSshServer, type TestSshServer, testKeys } from "../../support/sshServer.ts";

let agent: MemoryAgent;
let server: TestSshServer;
let host: HostSession;

beforeEach(async () => {
  agent = new MemoryAgent();
  server = await startSshServer(agent.program);
  agent.cut = () => server.cut();
  host = await openHost(server.connection);
});

afterEach(async () => {
  await host.close();
  await server.close();
});

const read = (path: string) => host.request("file.read", { path });

const firewallRule = { module: "NetworkingDsc", version: "9.1.0", resource: "Firewall", properties: { Name: "x" } };

describe("one session for a whole operation", () => {
  test("does not connect before the first request", () => {
    expect(server.accepted()).toBe(0);
  });

  test("forty requests at once share one connection and one agent, started by the constant command line", async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => read(`C:\\${index}`)));
    expect(answers).toHaveLength(40);
    expect(server.accepted()).toBe(1);
    expect(server.commands).toEqual([loaderCommandLine]);
  });

  test("each request gets its own answer", async () => {
    agent.files.set("C:\\a", Buffer.from("a"));
    agent.files.set("C:\\b", Buffer.from("b"));
    const [a, b, c] = await Promise.all([read("C:\\a"), read("C:\\b"), read("C:\\c")]);
    expect([a, b].map((file) => Buffer.from(file.contentBase64 ?? "", "base64").toString())).toEqual(["a", "b"]);
    expect(c).toEqual({ exists: false });
  });

  test("small round trips do not wait for delayed acknowledgements", async () => {
    await read("C:\\a");
    const start = performance.now();
    for (let index = 0; index < 50; index++) await read("C:\\a");
    // 44 ms each without setNoDelay.
    expect(performance.now() - start).toBeLessThan(50 * 20);
  });

  test("text outside ASCII and line separators inside JSON survive both ways", async () => {
    const path = "C:\\Übung\u2028日本.config";
    agent.files.set(path, Buffer.from("ok"));
    expect((await read(path)).exists).toBe(true);
    expect(agent.requests[0]?.params).toEqual({ path });
  });
});

describe("what the host says", () => {
  test("a refusal arrives with code, HRESULT and the DSC resource", async () => {
    const error = {
      code: "DSC_SET_FAILED",
      message: "Access denied.",
      hresult: -2147024891,
      resource: "[WebSite]Default Web Site",
    };
    agent.intercept = () => ({ error });
    const failure = await read("C:\\a").catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(HostError);
    expect(failure).toMatchObject({
      code: "DSC_SET_FAILED",
      hresult: -2147024891,
      resource: "[WebSite]Default Web Site",
    });
    expect(String(failure)).toContain("[WebSite]Default Web Site: Access denied (DSC_SET_FAILED, 0x80070005)");
  });

  test("what another program writes to the same output does not hide the answers", async () => {
    await server.close();
    server = await startSshServer((channel, command) => {
      agent.program(channel, command);
      channel.write("Windows PowerShell says hello\r\n");
      const write = channel.write.bind(channel);
      channel.write = ((text: string) => write(`installer: 40 %${text}`)) as typeof channel.write;
      agent.greet = () => {
        write('{"agent":"mfakit","protocol":1,"powershell":"5.1","computerName":"X"}\n');
        return true;
      };
    });
    host = await openHost(server.connection);
    expect(await read("C:\\a")).toEqual({ exists: false });
  });

  test("an answer that breaks the protocol is refused", async () => {
    agent.intercept = () => ({ result: { exists: "yes" } });
    await expect(read("C:\\a")).rejects.toThrow("the agent's answer to file.read does not follow the protocol");
  });

  test("an agent of another version is refused at once", async () => {
    agent.greet = (channel) => channel.write('{"agent":"mfakit","protocol":2,"powershell":"5.1","computerName":"X"}\n');
    await expect(read("C:\\a")).rejects.toMatchObject({ code: "AGENT_START_FAILED" });
  });

  test("an agent that does not start shows what PowerShell said", async () => {
    agent.greet = (channel) => {
      channel.stderr.write("File agent cannot be loaded because running scripts is disabled\n");
      channel.exit(1);
      channel.end();
      return true;
    };
    await expect(read("C:\\a")).rejects.toThrow("running scripts is disabled");
  });
});

describe("who may answer", () => {
  test("a host with another key of the same type is refused, with both fingerprints", async () => {
    const other = testKeys();
    host = await openHost({ ...server.connection, hostKey: other.host.public });
    const failure = await read("C:\\a").catch((reason: unknown) => reason);
    expect(failure).toMatchObject({ code: "SSH_HOST_KEY_MISMATCH" });
    expect(String(failure)).toMatch(/presented the key SHA256:\S+, pinned is SHA256:\S+/);
    expect(server.accepted()).toBe(0);
  });

  test("a key that is not authorised is told to the person, not tried again", async () => {
    host = await openHost({ ...server.connection, privateKey: testKeys().client.private });
    await expect(host.request("file.read", { path: "C:\\a" }, { waitSeconds: 60 })).rejects.toMatchObject({
      code: "SSH_AUTHENTICATION_REFUSED",
    });
  });

  test("an unreadable private key is named as such and not repeated", async () => {
    host = await openHost({ ...server.connection, privateKey: "hunter2hunter2" });
    const failure = await read("C:\\a").catch((reason: unknown) => reason);
    expect(failure).toMatchObject({ code: "SSH_PRIVATE_KEY" });
    expect(String(failure)).not.toContain("hunter2");
  });
});

describe("a connection that is lost", () => {
  test("a request that is safe to repeat is repeated on a new connection", async () => {
    let cuts = 0;
    agent.intercept = () => (cuts++ === 0 ? "cut" : undefined);
    const progress: string[] = [];
    const answer = await host.request(
      "file.read",
      { path: "C:\\a" },
      { progress: (message) => progress.push(message) },
    );
    expect(answer).toEqual({ exists: false });
    expect(server.accepted()).toBe(2);
    expect(progress).toContain("the connection to the host was lost; connecting again");
  });

  test("all requests under way go on over one new connection", async () => {
    let cuts = 0;
    agent.intercept = (request) => (request.id === 3 && cuts++ === 0 ? "cut" : undefined);
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => read(`C:\\${index}`)));
    expect(answers).toHaveLength(12);
    expect(server.accepted()).toBe(2);
  });

  test("it is repeated once, not for ever", async () => {
    agent.intercept = () => "cut";
    await expect(read("C:\\a")).rejects.toBeInstanceOf(ConnectionLost);
    expect(server.accepted()).toBe(2);
  });

  test("a write is not repeated: the caller has to look first", async () => {
    agent.intercept = () => "cut";
    const write = host.request("file.write", { path: "C:\\a", contentBase64: "", expectedSha256: null, backup: false });
    await expect(write).rejects.toBeInstanceOf(ConnectionLost);
    await expect(write).rejects.toMatchObject({
      code: "HOST_CONNECTION_LOST",
      parts: { next: expect.stringContaining("run the deployment again") },
    });
    expect(agent.methods()).toEqual(["file.write"]);
  });
});

describe("closing", () => {
  const closed = "the session with the host was closed";

  test("during the SSH handshake leaves no connection behind, and nothing is connected afterwards", async () => {
    const answer = read("C:\\a").catch((reason: unknown) => reason);
    await new Promise((resolve) => setImmediate(resolve));
    await host.close();
    expect(String(await answer)).toContain(closed);
    await expect(read("C:\\a")).rejects.toThrow(closed);
    expect(server.commands).toEqual([]);
  });

  test("while the agent starts ends the agent too", async () => {
    const started = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    agent.greet = (channel) => {
      channel.on("close", () => ended.resolve());
      started.resolve();
      return true;
    };
    const answer = read("C:\\a").catch((reason: unknown) => reason);
    await started.promise;
    await host.close();
    await ended.promise;
    expect(String(await answer)).toContain(closed);
    expect(server.accepted()).toBe(1);
  });
});

describe("a host that does not answer yet", () => {
  test("is waited for, with progress, until it does", async () => {
    const keys = testKeys();
    const { port } = server.connection;
    await server.close();
    host = await openHost({ ...server.connection, hostKey: keys.host.public, privateKey: keys.client.private });
    const waited: string[] = [];
    const answer = host.request(
      "file.read",
      { path: "C:\\a" },
      {
        waitSeconds: 30,
        progress: (message) => {
          waited.push(message);
          // It starts only after the first vain attempt.
          if (waited.length === 1)
            void startSshServer(agent.program, { port, keys }).then((started) => (server = started));
        },
      },
    );
    expect(await answer).toEqual({ exists: false });
    expect(waited[0]).toMatch(/^waiting for 127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*\), 0 s of at most 30 s$/);
  });

  test("is given up when the time is over, with the cause", async () => {
    await server.close();
    const failure = await host
      .request("file.read", { path: "C:\\a" }, { waitSeconds: 0 })
      .catch((reason: unknown) => reason);
    expect(failure).toMatchObject({ code: "HOST_UNREACHABLE" });
    expect(String(failure)).toContain("ECONNREFUSED");
  });

  test("a port where something else answers counts as not there", async () => {
    const other = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")).listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    host = await openHost({ ...server.connection, port });
    await expect(host.request("file.read", { path: "C:\\a" }, { waitSeconds: 0 })).rejects.toMatchObject({
      code: "HOST_UNREACHABLE",
    });
    other.close();
  });

  test("waiting ends when the operation is cancelled", async () => {
    await server.close();
    const controller = new AbortController();
    const answer = host.request(
      "file.read",
      { path: "C:\\a" },
      { waitSeconds: 600, signal: controller.signal, progress: () => controller.abort(new Error("cancelled")) },
    );
    await expect(answer).rejects.toThrow();
  });
});

describe("cancelling", () => {
  test("a request under way is given up at once", async () => {
    const controller = new AbortController();
    agent.intercept = () => {
      controller.abort(new Error("cancelled"));
      return new Promise(() => undefined);
    };
    await expect(host.request("file.read", { path: "C:\\a" }, { signal: controller.signal })).rejects.toThrow(
      "cancelled",
    );
  });

  test("the agent is told which request nobody waits for any more", async () => {
    const controller = new AbortController();
    let first = 0;
    agent.intercept = ({ id }) => {
      first = id;
      controller.abort(new Error("cancelled"));
      return new Promise(() => undefined);
    };
    const answer = host.request("dsc.apply", firewallRule, { signal: controller.signal });
    await expect(answer).rejects.toThrow("cancelled");
    while (agent.cancelled.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(agent.cancelled).toEqual([first]);
  });

  test("an answered request is not given up afterwards", async () => {
    const controller = new AbortController();
    await host.request("file.read", { path: "C:\\a" }, { signal: controller.signal });
    controller.abort(new Error("cancelled"));
    await read("C:\\b");
    expect(agent.cancelled).toEqual([]);
  });

  test("requests that were not sent yet are never sent", async () => {
    const controller = new AbortController();
    let release = () => undefined as unknown;
    const held = new Promise<undefined>((resolve) => {
      release = () => resolve(undefined);
    });
    agent.intercept = () => held;
    const all = Array.from({ length: 20 }, (_, index) =>
      host.request("file.read", { path: `C:\\${index}` }, { signal: controller.signal }),
    );
    const settled = Promise.allSettled(all);
    while (agent.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error("cancelled"));
    release();
    expect((await settled).every(({ status }) => status === "rejected")).toBe(true);
    agent.intercept = undefined;
    await read("C:\\last");
    expect(agent.requests.length).toBeLessThan(8);
  });
});
