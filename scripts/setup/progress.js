/** How often a long step says that it is still at work, in milliseconds. */
const heartbeat = 10_000;

/**
 * Tells the progress of steps that run side by side, one line per event.
 * @typedef {ReturnType<typeof lineProgress>} Progress
 * @param {(line: string) => void} print
 * @param {() => number} now Milliseconds.
 */
export function lineProgress(print, now = () => performance.now()) {
  return {
    /** @param {string} name */
    begin(name) {
      const start = now();
      let current = "";
      const line = (mark, text) => print(`  ${mark} ${name.padEnd(22)} ${text}`);
      line("·", "started");
      const timer = setInterval(() => line("·", `${current} (${seconds(now() - start)})`.trim()), heartbeat);
      timer.unref();
      return {
        report(text) {
          current = text;
        },
        say(text) {
          line("·", text);
        },
        done() {
          clearInterval(timer);
          line("✓", seconds(now() - start));
        },
        failed() {
          clearInterval(timer);
          line("✗", `failed after ${seconds(now() - start)}`);
        },
      };
    },
  };
}

/** @param {number} milliseconds */
export function seconds(milliseconds) {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const total = milliseconds / 1000;
  return total < 60 ? `${total.toFixed(1)} s` : `${Math.floor(total / 60)} min ${Math.round(total % 60)} s`;
}
