/** Windows compares names without case. */
export function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** The entry of a record whose key is the name, in any case. */
export function findKey(record: object, name: string): string | undefined {
  return Object.keys(record).find((key) => sameName(key, name));
}
