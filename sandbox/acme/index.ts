export type { AcmeOptions } from "./options.ts";
export { type RunningAcme, startAcme } from "./start.ts";
