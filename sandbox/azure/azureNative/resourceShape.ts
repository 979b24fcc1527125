import { nameParameter, parameterNames } from "../arm/registry.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { computed, type Fields, list, type ObjectField, object, text } from "../arm/shape.ts";

const cache = new WeakMap<ResourceType, Fields>();

/** The body of a type as azure-native sees it: what ARM adds to every resource, and the shapes of inline children. */
export function bodyFields(type: ResourceType, childShape: (armType: string) => ResourceType | undefined): Fields {
  const known = cache.get(type);
  if (known !== undefined) return known;
  const fields: Fields = {
    ...(type.location === "none" ? {} : { location: text() }),
    ...withChildren(type.body, childShape),
    name: computed(text()),
    type: computed(text()),
    ...(type.etag ? { etag: computed(text()) } : {}),
  };
  cache.set(type, fields);
  return fields;
}

/** Gives inline lists of children the shape of the child's own type. */
function withChildren(fields: Fields, childShape: (armType: string) => ResourceType | undefined): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      if (field.kind === "object")
        return [name, { ...field, fields: withChildren(field.fields, childShape) } as ObjectField];
      if (field.kind !== "list" || field.children === undefined) return [name, field];
      const child = childShape(field.children);
      if (child === undefined) return [name, field];
      const element = object({ id: text(), name: text(), type: text(), etag: computed(text()), ...child.body });
      return [name, list(element, { children: field.children })];
    }),
  );
}

/** Inputs that are not in the body: the path parameters. */
export function pathInputs(type: ResourceType): { names: string[]; own: string } {
  return { names: parameterNames(type), own: nameParameter(type) };
}
