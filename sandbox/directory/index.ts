export type { Delegation } from "./delegate.ts";
export { baseDnOf, type DomainControllerOptions } from "./options.ts";
export { provisionDirectory } from "./provision.ts";
export { type DirectorySeed, type SeedAccount, type SeedGroup, type SeedPerson, seedDirectory } from "./seed.ts";
export { type RunningDirectory, startDirectory } from "./start.ts";
export { keptTemplate } from "./template.ts";
