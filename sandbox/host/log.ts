/** One line on standard error; never pass a secret. */
export function log(part: string, message: string): void {
  process.stderr.write(`${new Date().toISOString()} ${part}: ${message}\n`);
}
