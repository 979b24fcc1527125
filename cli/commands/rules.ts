import { nearest } from "../../environment/nearest.ts";
import { rules } from "../../policies/rules.ts";
import { UserError } from "../../provider/engine/userError.ts";
import { errorText } from "../errorText.ts";
import { catalogueText, ruleJson, ruleText } from "../rules/text.ts";

/** Exit code 2: there is no such rule. */
export async function main(id: string | undefined, options: { json?: boolean }): Promise<number> {
  if (id === undefined) {
    write(options.json === true ? rules.map(ruleJson) : catalogueText(rules));
    return 0;
  }
  const rule = rules.find((each) => each.id === id.toUpperCase());
  if (rule === undefined) {
    process.stderr.write(errorText(unknownRule(id)));
    return 2;
  }
  write(options.json === true ? ruleJson(rule) : ruleText(rule));
  return 0;
}

function write(content: string | object): void {
  process.stdout.write(typeof content === "string" ? content : `${JSON.stringify(content, undefined, 2)}\n`);
}

function unknownRule(id: string): UserError {
  const near = nearest(
    id.toUpperCase(),
    rules.map((rule) => rule.id),
  );
  return new UserError("UNKNOWN_RULE", {
    what: `there is no rule ${id}`,
    why: near === undefined ? "it is not in the catalogue" : `did you mean ${near}?`,
    next: "See `mfakit rules` for all of them.",
  });
}
