import type { Rule } from "../../rule.ts";
import { aspNetAllowed } from "./aspNetAllowed.ts";
import { httpsOnly } from "./httpsOnly.ts";
import { oldTlsOff } from "./oldTlsOff.ts";
import { roleServices } from "./roleServices.ts";
import { serviceTls } from "./serviceTls.ts";
import { tls12 } from "./tls12.ts";

export const webServer: readonly Rule[] = [roleServices, aspNetAllowed, httpsOnly, tls12, oldTlsOff, serviceTls];
