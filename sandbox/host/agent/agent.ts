import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import {
  type AgentErrorBody,
  type AgentErrorCode,
  type Method,
  methods,
  protocolVersion,
  request,
} from "../../../provider/dsc/protocol.ts";
import { log } from "../log.ts";
import type { Machine } from "../machine.ts";
import type { Session } from "../session/session.ts";
import { AgentFailure } from "./failure.ts";
import { answerers, type OneRequest } from "./methods.ts";
import { powershellVersion } from "./windowsFacts.ts";

/** agent.ps1, answered by the simulation: one request at a time, in the order they come. */
export async function answerRequests(machine: Machine, session: Session): Promise<number> {
  const write = (message: object) => session.out(`${JSON.stringify(message)}\n`);
  write({
    agent: "mfakit",
    protocol: protocolVersion,
    powershell: powershellVersion,
    computerName: machine.windows.computerName,
  });
  const cancelled = new Set<number>();
  let turn = Promise.resolve();
  for (;;) {
    const line = await session.readLine();
    if (line === undefined) break;
    const cancellation = readCancellation(line);
    if (cancellation !== undefined) {
      cancelled.add(cancellation.params.id);
      write({ id: cancellation.id, ok: true, result: {} });
    } else if (line.trim() !== "") {
      turn = turn.then(() => answer({ machine, cancelled, write }, line));
    }
  }
  await turn;
  return 0;
}

interface Conversation {
  machine: Machine;
  /** Ids of requests that were given up. */
  cancelled: ReadonlySet<number>;
  write: (message: object) => void;
}

const cancelRequest = request.extend({ method: z.literal("cancel"), params: methods.cancel.params });

function readCancellation(line: string): z.infer<typeof cancelRequest> | undefined {
  if (!line.includes('"cancel"')) return undefined;
  try {
    return cancelRequest.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

async function answer({ machine, cancelled, write }: Conversation, line: string): Promise<void> {
  let id: number | null = null;
  let method: string | undefined;
  try {
    const asked = readRequest(line);
    id = asked.id;
    const context: OneRequest = {
      machine,
      progress: (progress) => write({ id, progress }),
      assertWanted: () => {
        if (cancelled.has(asked.id))
          throw new AgentFailure("CANCELLED", "the request was given up before it changed anything");
      },
    };
    context.assertWanted();
    write({ id, ok: true, result: await call(context, asked) });
    method = asked.method;
  } catch (error) {
    write({ id, ok: false, error: errorBody(error) });
  }
  if (method === "reboot") await restart(machine);
}

/** Like `shutdown.exe /t`: the answer leaves before the connection drops. */
export async function restart(machine: Machine): Promise<void> {
  await setTimeout(500);
  await machine.reboot();
}

interface Request {
  id: number;
  method: string;
  params: Record<string, unknown>;
}

function readRequest(line: string): Request {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw badRequest("the line is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badRequest("the line is not a JSON object");
  for (const name of ["id", "method", "params"]) if (!(name in value)) throw badRequest(`the request has no '${name}'`);
  const { params } = value as Request;
  if (typeof params !== "object" || params === null || Array.isArray(params)) {
    throw badRequest("the request's params are not an object");
  }
  return value as Request;
}

async function call(context: OneRequest, asked: Request): Promise<object> {
  if (!(asked.method in methods)) throw new AgentFailure("UNKNOWN_METHOD", `there is no method '${asked.method}'`);
  const method = asked.method as Method;
  const params = methods[method].params.safeParse(asked.params);
  if (!params.success) throw badRequest(firstProblem(params.error, asked.params));
  return answerers[method](context, params.data as never);
}

function firstProblem(error: z.ZodError, given: Record<string, unknown>): string {
  const issue = error.issues[0];
  if (issue?.code === "unrecognized_keys") return `there is no parameter '${issue.keys[0]}'`;
  const name = String(issue?.path[0] ?? "");
  if (!(name in given)) return `the parameter '${name}' is missing`;
  return `the parameter '${name}' is not valid: ${issue?.message}`;
}

function badRequest(message: string): AgentFailure {
  return new AgentFailure("BAD_REQUEST", message);
}

function errorBody(error: unknown): AgentErrorBody {
  if (error instanceof AgentFailure) {
    const { code, message, hresult, resource } = error;
    return {
      code,
      message,
      ...(hresult === undefined ? {} : { hresult }),
      ...(resource === undefined ? {} : { resource }),
    };
  }
  log("agent", (error as Error).stack ?? String(error));
  const code: AgentErrorCode = "INTERNAL";
  return { code, message: (error as Error).message };
}
