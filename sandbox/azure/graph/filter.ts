import { asText, type JsonObject } from "../arm/json.ts";
import { GraphRefusal } from "./refusal.ts";

/** Expressions that Graph takes in one filter. */
const MOST_EXPRESSIONS = 15;

/** Properties of a user that may be filtered: by which operators, and whether only with the advanced query capabilities. */
const filterable: Readonly<Record<string, { operators: readonly string[]; advanced: boolean }>> = {
  id: { operators: ["eq", "in"], advanced: false },
  userPrincipalName: { operators: ["eq", "in"], advanced: false },
  mailNickname: { operators: ["eq", "in"], advanced: false },
  onPremisesSecurityIdentifier: { operators: ["eq"], advanced: false },
  onPremisesImmutableId: { operators: ["eq", "in"], advanced: false },
  onPremisesSamAccountName: { operators: ["eq", "in"], advanced: true },
  onPremisesDomainName: { operators: ["eq", "in"], advanced: true },
};

const LITERAL = /'((?:[^']|'')*)'/gy;
const EXPRESSION = /(\w+) (eq|in) (?=['(])/gy;

/**
 * Reads a filter of `property eq 'x'` and `property in ('x','y')`, joined by `or`. Everything else of OData is refused, and so is
 * what Graph refuses: more than fifteen expressions, and a property that only an advanced query may filter.
 */
export function userFilter(text: string, advanced: boolean): (user: JsonObject) => boolean {
  const wanted: { property: string; values: string[] }[] = [];
  let position = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found !== null) position = pattern.lastIndex;
    return found;
  };
  const skip = (word: string): boolean => {
    if (!text.startsWith(word, position)) return false;
    position += word.length;
    return true;
  };
  const literal = (): string => {
    const found = match(LITERAL);
    if (found === null) throw invalid(text);
    return (found[1] ?? "").replaceAll("''", "'");
  };
  do {
    const [, property = "", operator = ""] = match(EXPRESSION) ?? [];
    checkProperty(property, operator, advanced, text);
    const values: string[] = [];
    if (operator === "eq") values.push(literal());
    else {
      if (!skip("(")) throw invalid(text);
      do values.push(literal());
      while (skip(","));
      if (!skip(")")) throw invalid(text);
    }
    wanted.push({ property, values });
  } while (skip(" or "));
  if (position !== text.length) throw invalid(text);
  const expressions = wanted.reduce((sum, { values }) => sum + values.length, 0);
  if (expressions > MOST_EXPRESSIONS) {
    const message = `Too many child clauses specified in search filter expression containing 'OR' operators: ${expressions}. Max allowed: ${MOST_EXPRESSIONS}.`;
    throw new GraphRefusal(400, "Request_UnsupportedQuery", message);
  }
  return (user) =>
    wanted.some(({ property, values }) => values.some((value) => sameText(property, asText(user[property]), value)));
}

function checkProperty(property: string, operator: string, advanced: boolean, text: string): void {
  const rule = filterable[property];
  if (rule === undefined || !rule.operators.includes(operator) || (rule.advanced && !advanced)) {
    if (property === "") throw invalid(text);
    const message = `Unsupported or invalid query filter clause specified for property '${property}' of resource 'User'.`;
    throw new GraphRefusal(400, "Request_UnsupportedQuery", message);
  }
}

function sameText(property: string, one: string | undefined, other: string): boolean {
  if (one === undefined) return false;
  return property === "onPremisesImmutableId" ? one === other : one.toLowerCase() === other.toLowerCase();
}

function invalid(text: string): GraphRefusal {
  return new GraphRefusal(400, "BadRequest", `Invalid filter clause: '${text}' is not understood.`);
}
