/**
 * A script of `scripts/windows` with some of its functions replaced. Each script ends in one line that starts it; definitions in
 * front of that line win over the script's own.
 */
export function withReplacements(script: string, replacements: string): string {
  const end = script.trimEnd().lastIndexOf("\n");
  return `${script.slice(0, end)}\n${replacements}\n${script.slice(end + 1)}`;
}
