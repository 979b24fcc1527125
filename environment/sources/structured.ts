/** Pulumi hands objects and lists over as JSON text, everything else as it was written. */
export function structured(text: string | undefined): unknown {
  if (text === undefined || !/^[{[]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
