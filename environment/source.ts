/**
 * Where an environment's values come from: a running Pulumi program, the Automation API, a YAML file, a plain object.
 * `S` is the form in which secrets are handed out.
 */
export interface EnvironmentSource<S> {
  /** For messages, for example `Pulumi.dev.yaml`. */
  readonly name: string;
  /** All keys of the namespace that are set, without the namespace. */
  readonly keys: readonly string[];
  /** The value of a key: what JSON or YAML made of it, for a secret the plain text. Undefined when it is not set. */
  get(key: string): unknown;
  /** True when the key's value is stored encrypted; undefined when the source cannot tell. */
  isEncrypted(key: string): boolean | undefined;
  /** Reads a text file; relative paths start at the project's folder. Throws what the file system throws. */
  readFile(path: string): string;
  /** Wraps a checked secret for its users. */
  seal(plain: string): S;
}

/** A source whose secrets cannot be read: good for `loadSettings`, not for `loadEnvironment`. */
export type SettingsSource = Omit<EnvironmentSource<never>, "seal">;
