import { runProvider } from "../../../../provider/engine/plugin.ts";
import { resourceHandlers } from "../../../../provider/engine/resources.ts";
import { shelfProvider } from "./provider.ts";

await runProvider({ name: "shelf", version: "1.2.3", handlers: resourceHandlers(shelfProvider) });
