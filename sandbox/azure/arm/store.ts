import { mkdirSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "./json.ts";
import { keyOf } from "./resourceId.ts";

/** One resource as the cloud keeps it. */
export interface StoredResource {
  /** As its first writer spelled it. */
  id: string;
  type: string;
  name: string;
  /** What GET shows, without what other resources or the clock add to it. */
  body: JsonObject;
  etag: string;
  createdAt: string;
  changedAt: string;
  /** What the cloud knows and never shows: digests of secrets, the power state, the joined domain. */
  internal: JsonObject;
}

/** Every resource of the simulated cloud: in memory, and as one JSON file that is replaced whole. */
export class Store {
  readonly #resources = new Map<string, StoredResource>();
  readonly #file: string;
  readonly #listeners = new Set<() => void>();
  /** What was there before the kit has been loaded. */
  #initialised = false;
  #dirty = false;
  #writing: Promise<void> | undefined;

  private constructor(file: string) {
    this.#file = file;
  }

  static open(stateDirectory: string): Store {
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
    const store = new Store(join(stateDirectory, "cloud.json"));
    let content: string;
    try {
      content = readFileSync(store.#file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return store;
      throw error;
    }
    const kept = JSON.parse(content) as { initialised: boolean; resources: StoredResource[] };
    store.#initialised = kept.initialised;
    for (const resource of kept.resources) store.#resources.set(keyOf(resource.id), resource);
    return store;
  }

  get isInitialised(): boolean {
    return this.#initialised;
  }

  /** From now on the store's own content counts, not what was there before the kit. */
  markInitialised(): void {
    this.#initialised = true;
    this.#changed();
  }

  get(id: string): StoredResource | undefined {
    return this.#resources.get(keyOf(id));
  }

  all(): StoredResource[] {
    return [...this.#resources.values()];
  }

  ofType(type: string): StoredResource[] {
    const wanted = type.toLowerCase();
    return this.all().filter((resource) => resource.type.toLowerCase() === wanted);
  }

  /** Resources below an id, at any depth, in the order of their creation. */
  below(id: string): StoredResource[] {
    const prefix = `${keyOf(id)}/`;
    return this.all().filter((resource) => keyOf(resource.id).startsWith(prefix));
  }

  put(resource: StoredResource): void {
    this.#resources.set(keyOf(resource.id), resource);
    this.#changed();
  }

  delete(id: string): void {
    if (this.#resources.delete(keyOf(id))) this.#changed();
  }

  /** Calls `listener` after each change, before anything is on disk. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Resolves when everything up to now is on disk. */
  async flush(): Promise<void> {
    while (this.#dirty || this.#writing !== undefined) {
      this.#writing ??= this.#write().finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
  }

  #changed(): void {
    this.#dirty = true;
    for (const listener of this.#listeners) listener();
  }

  async #write(): Promise<void> {
    this.#dirty = false;
    const content = `${JSON.stringify({ initialised: this.#initialised, resources: this.all() }, undefined, 1)}\n`;
    const temporary = `${this.#file}.new`;
    await writeFile(temporary, content, { mode: 0o600 });
    await rename(temporary, this.#file);
  }
}
