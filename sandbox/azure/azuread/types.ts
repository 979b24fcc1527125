import { applicationTypes } from "./applications.ts";
import type { DirectoryType } from "./directoryType.ts";
import { peopleTypes } from "./people.ts";

/** Every type of the azuread provider that is simulated, by its token. */
export const directoryTypes: Readonly<Record<string, DirectoryType>> = { ...peopleTypes, ...applicationTypes };
