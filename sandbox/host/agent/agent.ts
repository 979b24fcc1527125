import { setTimeout } from "node:timers/promises";
import type { z } from "zod";
import {
  type AgentErrorBody,
  type AgentErrorCode,
  type Method,
  methods,
  protocolVersion,
} from "../../../provider/dsc/protocol.ts";
import { log } from "../log.ts";
import type { Machine } from "../machine.ts";
import type { Session } from "../session/session.ts";
import { AgentFailure } from "./failure.ts";
import { answerers } from "./methods.ts";
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
  for (;;) {
    const line = await session.readLine();
    if (line === undefined) return 0;
    if (line.trim() !== "") await answer(machine, line, write);
  }
}

async function answer(machine: Machine, line: string, write: (message: object) => void): Promise<void> {
  let id: number | null = null;
  let method: string | undefined;
  try {
    const request = readRequest(line);
    id = request.id;
    write({ id, ok: true, result: await call(machine, request, (progress) => write({ id, progress })) });
    method = request.method;
  } catch (error) {
    write({ id, ok: false, error: errorBody(error) });
  }
  if (method === "reboot") await restart(machine);
}

/** Like `shutdown.exe /t`: the answer leaves before the connection drops. */
async function restart(machine: Machine): Promise<void> {
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
  const request = value as Request;
  if (typeof request.params !== "object" || request.params === null || Array.isArray(request.params)) {
    throw badRequest("the request's params are not an object");
  }
  return request;
}

async function call(machine: Machine, request: Request, progress: (text: string) => void): Promise<object> {
  if (!(request.method in methods)) throw new AgentFailure("UNKNOWN_METHOD", `there is no method '${request.method}'`);
  const method = request.method as Method;
  const params = methods[method].params.safeParse(request.params);
  if (!params.success) throw badRequest(firstProblem(params.error, request.params));
  return answerers[method](machine, params.data as never, progress);
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
