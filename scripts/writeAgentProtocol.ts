import { writeFileSync } from "node:fs";
import { agentProtocolPage, renderedAgentProtocol } from "./agentProtocolPage.ts";

writeFileSync(agentProtocolPage, renderedAgentProtocol());
