import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

/** How long a server may take to answer, and how long a download may stand still, in milliseconds. */
const patience = 8_000;

/**
 * Fetches a small text.
 * @param {string} url
 */
export async function downloadText(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(patience) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return await response.text();
}

/**
 * Fetches a file and checks it.
 * @param {string} url
 * @param {string} path
 * @param {string} sha256 Hexadecimal.
 * @param {(bytes: number) => void} onProgress
 */
export async function downloadFile(url, path, sha256, onProgress) {
  const stalled = new AbortController();
  let timer = setTimeout(() => stalled.abort(), patience);
  try {
    const response = await fetch(url, { signal: stalled.signal });
    if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
    const hash = createHash("sha256");
    let bytes = 0;
    const measure = new Transform({
      transform(chunk, _encoding, done) {
        clearTimeout(timer);
        timer = setTimeout(() => stalled.abort(), patience);
        hash.update(chunk);
        bytes += chunk.length;
        onProgress(bytes);
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(response.body), measure, createWriteStream(path));
    const found = hash.digest("hex");
    if (found !== sha256) throw new Error(`${url} has the SHA-256 ${found} instead of ${sha256}`);
  } finally {
    clearTimeout(timer);
  }
}
