import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { duration } from "./duration.ts";
import { nameOf } from "./urn.ts";

const symbols: Record<string, string> = {
  create: "+",
  update: "~",
  delete: "-",
  replace: "+-",
  "create-replacement": "++",
  "delete-replaced": "--",
  import: "=",
};

/** Steps of a replacement, which is counted once, as `replace`. */
const partsOfReplace = new Set(["create-replacement", "delete-replaced"]);

/** The stack itself is a resource to the engine, but not a change to a person. */
const STACK_TYPE = "pulumi:pulumi:Stack";

/** Turns the engine's events into lines for a person and remembers what went wrong. */
export class EventPrinter {
  readonly #write: (line: string) => void;
  readonly #showSteps: boolean;
  readonly #since = performance.now();
  readonly #starts = new Map<string, number>();
  readonly #problems: string[] = [];
  readonly #changes: Record<string, number> = {};
  /** Advice and warnings that this printer or an earlier one of the same run has written. */
  readonly #said: Set<string>;
  /** Rules that could not be judged because a value is not known before the deployment. */
  readonly #untold = new Set<string>();

  /** @param options.after the printer of the preview that was just shown: its advice and warnings are not repeated */
  constructor(write: (line: string) => void, options: { showSteps: boolean; after?: EventPrinter }) {
    this.#write = write;
    this.#showSteps = options.showSteps;
    this.#said = options.after === undefined ? new Set() : options.after.#said;
  }

  /** Bound, so that it can be handed over as `onEvent`. */
  readonly take = (event: EngineEvent): void => {
    if (event.resourcePreEvent !== undefined) this.#planned(event.resourcePreEvent.metadata);
    if (event.resOutputsEvent !== undefined) this.#done(event.resOutputsEvent.metadata);
    if (event.policyEvent !== undefined) this.#policy(event.policyEvent);
    if (event.diagnosticEvent !== undefined) this.#diagnostic(event.diagnosticEvent);
  };

  /** Operation to the number of resources, `same` and reads left out. */
  plannedChanges(): Record<string, number> {
    return this.#changes;
  }

  /** To be called when the operation has ended: says what the policies could not judge. */
  finish(): void {
    if (this.#untold.size === 0) return;
    this.#write(`  policies that cannot tell before these values are known: ${[...this.#untold].sort().join(", ")}`);
  }

  problems(): string[] {
    return this.#problems;
  }

  #planned({ op, urn, type }: StepMetadata): void {
    this.#starts.set(urn, performance.now());
    if (symbols[op] === undefined || type === STACK_TYPE || partsOfReplace.has(op)) return;
    this.#changes[op] = (this.#changes[op] ?? 0) + 1;
  }

  #done({ op, urn, type }: StepMetadata): void {
    const symbol = symbols[op];
    if (symbol === undefined || !this.#showSteps || type === STACK_TYPE) return;
    const now = performance.now();
    const took = duration(now - (this.#starts.get(urn) ?? now));
    this.#write(`  ${duration(now - this.#since).padStart(7)}  ${symbol.padEnd(2)} ${nameOf(urn)} (${type}, ${took})`);
  }

  #policy({ policyName, message, enforcementLevel, resourceUrn }: NonNullable<EngineEvent["policyEvent"]>): void {
    if (enforcementLevel !== "mandatory" && /^cannot tell yet/m.test(message)) {
      this.#untold.add(policyName);
      return;
    }
    const text = `policy ${policyName}: ${message.trim()}${resourceUrn === undefined ? "" : ` [${nameOf(resourceUrn)}]`}`;
    const indented = text.replaceAll("\n", "\n    ");
    if (enforcementLevel === "mandatory") {
      this.#problems.push(text);
      this.#write(`  refused: ${indented}`);
    } else this.#writeOnce(`  advice: ${indented}`);
  }

  #diagnostic({ severity, message, urn, ephemeral }: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    const text = message.trim();
    if (ephemeral === true || text === "") return;
    const where = urn === undefined || urn === "" ? "" : `${nameOf(urn)}: `;
    if (severity === "warning") this.#writeOnce(`  warning: ${where}${text}`);
    if (severity !== "error") return;
    this.#problems.push(`${where}${text}`);
    this.#write(`  error: ${where}${text}`);
  }

  #writeOnce(line: string): void {
    if (this.#said.has(line)) return;
    this.#said.add(line);
    this.#write(line);
  }
}

interface StepMetadata {
  op: string;
  urn: string;
  type: string;
}
