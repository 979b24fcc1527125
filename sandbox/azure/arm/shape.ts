import type { Json } from "./json.ts";

/** What holds for a property of any kind. */
interface Common {
  /** ARM refuses a body without it. `service`: the SDK has it as optional, so that only ARM notices, at apply. */
  required?: true | "service";
  /** Computed by ARM: ignored in a request, shown in answers. */
  readOnly?: true;
  /** Taken from a request, never stored in clear and never returned. */
  writeOnly?: true;
  /** Another value for an existing resource is refused with 409 `PropertyChangeNotAllowed`. */
  createOnly?: true;
  /** What ARM puts when the request leaves it out. */
  default?: Json;
  /** The Pulumi SDK's name where it is not ARM's. */
  sdkName?: string;
  /** The Pulumi SDK has it as an input only: the output of this name is another property. */
  sdkInputOnly?: true;
}

export interface TextField extends Common {
  kind: "text";
  /** Accepted values, compared without case. */
  values?: readonly string[];
  pattern?: RegExp;
  minLength?: number;
  maxLength?: number;
  /** The text is the id of a resource of one of these ARM types, which must exist. */
  refersTo?: readonly string[];
}

export interface NumberField extends Common {
  kind: "integer";
  minimum?: number;
  maximum?: number;
}

export interface BooleanField extends Common {
  kind: "boolean";
}

export interface ObjectField extends Common {
  kind: "object";
  fields: Fields;
  /** The Pulumi SDK lifts these fields into the enclosing object (`x-ms-client-flatten`). */
  flatten?: true;
}

export interface ListField extends Common {
  kind: "list";
  element: Field;
  maxItems?: number;
  /** The elements are resources of their own, of this ARM type. */
  children?: string;
}

/** An object with free keys. With `sdkList` the Pulumi SDK takes the list of keys instead. */
export interface MapField extends Common {
  kind: "map";
  element: Field;
  sdkList?: true;
}

/** Any JSON: the settings of an extension, for example. */
export interface AnyField extends Common {
  kind: "any";
}

export type Field = TextField | NumberField | BooleanField | ObjectField | ListField | MapField | AnyField;
export type Fields = Readonly<Record<string, Field>>;

type Options<F extends Field> = Partial<Omit<F, "kind" | "fields" | "element">>;

export const text = (options: Options<TextField> = {}): TextField => ({ kind: "text", ...options });
export const choice = (values: readonly string[], options: Options<TextField> = {}): TextField =>
  text({ values, ...options });
export const integer = (options: Options<NumberField> = {}): NumberField => ({ kind: "integer", ...options });
export const flag = (options: Options<BooleanField> = {}): BooleanField => ({ kind: "boolean", ...options });
export const object = (fields: Fields, options: Options<ObjectField> = {}): ObjectField => ({
  kind: "object",
  fields,
  ...options,
});
export const list = (element: Field, options: Options<ListField> = {}): ListField => ({
  kind: "list",
  element,
  ...options,
});
export const map = (element: Field, options: Options<MapField> = {}): MapField => ({
  kind: "map",
  element,
  ...options,
});
export const any = (options: Options<AnyField> = {}): AnyField => ({ kind: "any", ...options });

/** `{id}` of an existing resource of one of these ARM types. */
export const reference = (types: string | readonly string[], options: Options<ObjectField> = {}): ObjectField =>
  object({ id: text({ refersTo: typeof types === "string" ? [types] : types }) }, options);

export const tags = (): MapField => map(text({ maxLength: 256 }));

/** Computed by ARM; `element` says what it looks like. */
export const computed = <F extends Field>(field: F): F => ({ ...field, readOnly: true });
