import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { hello, type Method, methods, reply, request } from "../../provider/dsc/protocol.ts";
import { agentProtocolPage, renderedAgentProtocol } from "../../scripts/agentProtocolPage.ts";

const page = readFileSync(agentProtocolPage, "utf8");

/** The lines of the page's JSON examples. */
const examples = [...page.matchAll(/```json\n(.*?)```/gs)].flatMap(([, block = ""]) => block.trimEnd().split("\n"));

describe("docs/agent-protocol.md", () => {
  test("has the tables of the schema: run `npm run generate` when this fails", () => {
    expect(page).toBe(renderedAgentProtocol());
  });

  test("describes every method, with each of its fields", () => {
    for (const [name, { params, result }] of Object.entries(methods)) {
      const section = new RegExp(`### ${name.replace(".", "\\.")}\n(.*?)\n(###|<!--)`, "s").exec(page)?.[1] ?? "";
      const fields = [...Object.keys(params.shape), ...Object.keys(result.shape)];
      expect(fields.filter((field) => !section.includes(`\`${field}\``))).toEqual([]);
      expect(section).not.toBe("");
    }
  });

  test("shows lines that follow the schema", () => {
    expect(examples.length).toBeGreaterThan(4);
    for (const example of examples) {
      const line = JSON.parse(example) as { agent?: string; method?: string };
      if (line.agent !== undefined) hello.parse(line);
      else if (line.method === undefined) reply.parse(line);
      else methods[line.method as Method].params.parse(request.parse(line).params);
    }
  });
});
