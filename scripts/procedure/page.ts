import { chapters } from "./chapters.ts";
import type { NamedTest, ProcedureStep } from "./step.ts";

/** Where the page lies. */
export const procedurePage = new URL("../../docs/procedure.md", import.meta.url);

const head = `# The procedure, step by step

Made by \`npm run generate\` from \`scripts/procedure/\`; a test checks that it is fresh and that everything named here exists.

Each step of the set-up procedure and where the kit does it: **automated** steps are done by \`pulumi up\` and looked at by each refresh,
**verified** steps are done by people and proved by the kit, **manual** steps have no other way than the portal, the product's console or a
phone; the stack's output \`manualSteps\` has their instructions. Rules are those of the policy pack, each with a passing, a failing, an
unknown and a malformed case in \`tests/policies/examples/\`; checks are those of \`mfakit verify\`.
`;

/** The page's whole text. */
export function renderedProcedure(): string {
  const parts = chapters.map(({ title, steps }) => {
    const rows = steps.map(
      (step) => `| ${[step.number, step.what, step.class, where(step), proof(step)].join(" | ")} |`,
    );
    return `## ${title}\n\n| Step | What | Class | Where | Proved by |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}\n`;
  });
  return `${head}\n${parts.join("\n")}`;
}

function where({ resources = [], manual, note }: ProcedureStep): string {
  const named = resources.map((resource) => {
    const [file = "", name = ""] = resource.split("#");
    return `[${name}](../${file})`;
  });
  return [
    ...named,
    ...(manual === undefined ? [] : [`instruction \`${manual}\``]),
    ...(note === undefined ? [] : [note]),
  ].join("<br>");
}

function proof({ rules = [], checks = [], tests = [] }: ProcedureStep): string {
  return [
    ...rules.map((rule) => `rule [${rule}](policies/${rule}.md)`),
    ...checks.map((check) => `check \`${check}\``),
    ...tests.map(shown),
  ].join("<br>");
}

function shown({ file, name }: NamedTest): string {
  return `"${name}" ([${file.replace(/^tests\//, "")}](../${file}))`;
}
