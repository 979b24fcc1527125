import { writeFileSync } from "node:fs";
import { procedurePage, renderedProcedure } from "./procedure/page.ts";

writeFileSync(procedurePage, renderedProcedure());
