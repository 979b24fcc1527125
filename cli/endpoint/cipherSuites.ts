/** Cipher suites that must be refused, by the reason; numbers of the IANA TLS registry. */
const weakSuites: Record<string, readonly number[]> = {
  "no encryption": [0x0001, 0x0002, 0x003b, 0xc001, 0xc006, 0xc00b, 0xc010],
  "no authentication": [
    0x0018, 0x001b, 0x0034, 0x003a, 0x006c, 0x006d, 0x00a6, 0x00a7, 0xc015, 0xc016, 0xc017, 0xc018, 0xc019,
  ],
  "export strength": [0x0003, 0x0006, 0x0008, 0x000b, 0x000e, 0x0011, 0x0014, 0x0017, 0x0019],
  DES: [0x0009, 0x000c, 0x000f, 0x0012, 0x0015, 0x001a],
  "3DES": [0x000a, 0x000d, 0x0010, 0x0013, 0x0016, 0xc003, 0xc008, 0xc00d, 0xc012],
  RC4: [0x0004, 0x0005, 0xc002, 0xc007, 0xc00c, 0xc011],
};

/** Every suite that must be refused. */
export const refusedSuites: readonly number[] = Object.values(weakSuites).flat();

/** Suites that servers before TLS 1.3 commonly take, so that a version is not refused for want of one. */
export const commonSuites: readonly number[] = [
  0xc02f, 0xc02b, 0xc030, 0xc02c, 0xc013, 0xc009, 0xc014, 0xc00a, 0x009c, 0x009d, 0x0033, 0x0039, 0x002f, 0x0035,
  0x000a, 0x0005,
];

/** A suite in words: `0x000A (3DES)`. */
export function weaknessOf(suite: number): string {
  const reason = Object.entries(weakSuites).find(([, suites]) => suites.includes(suite))?.[0] ?? "not offered";
  return `0x${suite.toString(16).toUpperCase().padStart(4, "0")} (${reason})`;
}
