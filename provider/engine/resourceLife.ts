import type { AnyResourceDefinition } from "./defineResource.ts";
import { type Difference, type LifecycleContext, PartialFailure } from "./definition.ts";
import { compareInputs, topOf, withoutIgnored } from "./difference.ts";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "./handlers.ts";
import { shapeOf } from "./schemaTree.ts";
import { markEchoes, markSecret, restoreSecrets, secretTexts, unwrapSecrets } from "./secrets.ts";
import { describeProblem, validate } from "./validate.ts";
import { equal, keysOf, type Properties, UNKNOWN } from "./values.ts";

/**
 * One call about one resource: hands the lifecycle plain values, and gives what it returns its secret marks and its unknown rest
 * again.
 */
export class ResourceLife<C> {
  readonly #definition: AnyResourceDefinition<C>;
  readonly #context: LifecycleContext<C>;

  constructor(definition: AnyResourceDefinition<C>, context: LifecycleContext<C>) {
    this.#definition = definition;
    this.#context = context;
  }

  async check({ news }: CheckRequest): Promise<CheckResult> {
    const { value, problems } = validate<Properties>(this.#definition.inputs, news);
    // The engine prints the value of a named property, secret or not, and knows no nested ones: the name goes into the reason.
    const failure = (reason: string) => ({ property: "", reason });
    if (problems.length > 0) return { inputs: news, failures: problems.map(describeProblem).map(failure) };
    const failures = (await this.#definition.lifecycle.check?.(value, this.#context)) ?? [];
    return {
      inputs: restoreSecrets<Properties>(value, news),
      failures: failures.map(({ property, reason }) => failure(property === "" ? reason : `${property}: ${reason}`)),
    };
  }

  async diff(request: DiffRequest): Promise<DiffResult> {
    const { lifecycle, replaceOn = [] } = this.#definition;
    const oldInputs = this.#parse(request.oldInputs);
    const newInputs = this.#parse(request.newInputs);
    const oldOutputs = unwrapSecrets<Properties>(request.oldOutputs);
    const difference = lifecycle.diff
      ? await lifecycle.diff(request.id, oldInputs, oldOutputs, newInputs, this.#context)
      : compareInputs(oldInputs, newInputs);
    return this.#describe(
      withoutIgnored(replacing(difference, replaceOn), request.ignoreChanges),
      oldInputs,
      newInputs,
    );
  }

  async create({ inputs, preview }: CreateRequest): Promise<CreateResult> {
    const plain = this.#parse(inputs);
    if (preview) return { id: "", outputs: await this.#preview(plain, undefined, [inputs]) };
    const created = await this.#keepingParts([inputs], () => this.#definition.lifecycle.create(plain, this.#context));
    return { id: created.id, outputs: this.#seal(created.outputs, [inputs]) };
  }

  async read({ id, inputs, outputs }: ReadRequest): Promise<ReadResult | undefined> {
    // `get` of a program sends outputs alone, an import nothing: in both the state knows no inputs of this resource.
    const stored =
      inputs === undefined ? undefined : { inputs: this.#parse(inputs), outputs: unwrapSecrets(outputs ?? {}) };
    const found = await this.#definition.lifecycle.read(id, stored, this.#context);
    if (found === undefined) return undefined;
    return {
      id: found.id,
      outputs: this.#seal(found.outputs, [outputs ?? {}, inputs ?? {}]),
      inputs:
        stored === undefined
          ? markSecret(found.inputs, this.#definition.secrets ?? [])
          : asStored(found.inputs, stored.inputs, inputs ?? {}),
    };
  }

  async update(request: UpdateRequest): Promise<Properties> {
    const { id, oldInputs, newInputs, preview } = request;
    const plain = this.#parse(newInputs);
    const oldOutputs = unwrapSecrets<Properties>(request.oldOutputs);
    const references = [newInputs, request.oldOutputs];
    if (preview) return this.#preview(plain, { id, outputs: oldOutputs }, references);
    const outputs = await this.#keepingParts(references, () =>
      this.#definition.lifecycle.update(id, oldOutputs, plain, this.#parse(oldInputs), this.#context),
    );
    return this.#seal(outputs, references);
  }

  async delete({ id, inputs, outputs }: DeleteRequest): Promise<void> {
    await this.#definition.lifecycle.delete(id, unwrapSecrets(outputs), this.#parse(inputs), this.#context);
  }

  /** Stored inputs may come from an earlier version of the schema: they are taken as they are, with today's defaults. */
  #parse(inputs: Properties): Properties {
    return validate<Properties>(this.#definition.inputs, inputs).value;
  }

  async #preview(
    inputs: Properties,
    old: { id: string; outputs: Properties } | undefined,
    references: Properties[],
  ): Promise<Properties> {
    const { lifecycle, outputs } = this.#definition;
    const known: Properties = lifecycle.preview ? await lifecycle.preview(inputs, old, this.#context) : inputs;
    const names = Object.keys(shapeOf(outputs) ?? known);
    return this.#seal(Object.fromEntries(names.map((name) => [name, known[name] ?? UNKNOWN])), references);
  }

  /** Marks as secret: what the definition says, what was secret under the same name before, and every echo of a secret text. */
  #seal(outputs: Properties, references: Properties[]): Properties {
    const restored = references.reduce((value, reference) => restoreSecrets<Properties>(value, reference), outputs);
    const marked = markSecret(restored, this.#definition.secrets ?? []);
    return markEchoes(marked, secretTexts(references));
  }

  async #keepingParts<T>(references: Properties[], act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof PartialFailure)) throw error;
      const outputs = this.#seal(error.outputs as Properties, references);
      throw new PartialFailure(error.message, error.id, outputs, { cause: error.cause });
    }
  }

  #describe(difference: Difference, oldInputs: Properties, newInputs: Properties): DiffResult {
    const changes = Object.entries(difference.changes);
    const isInput = (path: string) => topOf(path) in oldInputs || topOf(path) in newInputs;
    const tops = (entries: typeof changes) => [...new Set(entries.map(([path]) => topOf(path)))];
    return {
      changes: changes.length === 0 ? "none" : "some",
      detailedDiff: Object.fromEntries(changes.map(([path, kind]) => [path, { kind, inputDiff: isInput(path) }])),
      diffs: tops(changes),
      replaces: tops(changes.filter(([, kind]) => kind.endsWith("-replace"))),
      deleteBeforeReplace: difference.deleteBeforeReplace ?? this.#definition.deleteBeforeReplace ?? false,
    };
  }
}

/** `replaceOn` holds whoever decided the difference. */
function replacing(difference: Difference, replaceOn: readonly string[]): Difference {
  const changes = Object.entries(difference.changes).map(([path, change]) => [
    path,
    replaceOn.includes(topOf(path)) && !change.endsWith("-replace") ? `${change}-replace` : change,
  ]);
  return { ...difference, changes: Object.fromEntries(changes) };
}

/** What was found, in the very form that the state has wherever it means the same: a refresh must not rewrite what did not change. */
function asStored(found: Properties, parsed: Properties, stored: Properties): Properties {
  const inputs = keysOf(stored, found).map((name) => [
    name,
    equal(found[name], parsed[name]) ? stored[name] : restoreSecrets(found[name], stored[name]),
  ]);
  return Object.fromEntries(inputs.filter(([, value]) => value !== undefined));
}
