import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/**
 * Stops the SDK's debug messages. They carry every output of every resource in clear text, generated passwords and keys too, and the
 * engine, which knows only the configuration's secrets, writes them into its event log. Each is a call to the engine as well.
 */
export function silenceDebugMessages(): void {
  Object.assign(pulumi.log, { debug: async () => undefined });
}

/**
 * Makes stack traces cheap. The SDK takes one for every promise and maps each frame, which costs a preview of this size more than
 * half a second. Node strips types in place, so positions are right without a map, and the nearest frames tell where a defect is.
 */
export function keepStackTracesCheap(): void {
  Reflect.deleteProperty(Error, "prepareStackTrace");
  Error.stackTraceLimit = 5;
}

/** Turns of the event loop after which a registration has left the process; more gains nothing. */
const TURNS_TO_SEND = 4;

/**
 * Lets what is registered so far reach the engine, which then starts the providers while the program declares the rest: the SDK sends
 * nothing before the program yields.
 */
export async function letEngineStart(): Promise<void> {
  for (let turn = 0; turn < TURNS_TO_SEND; turn++) await setImmediate();
}
