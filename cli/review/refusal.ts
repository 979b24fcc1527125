import { UserError } from "../../provider/engine/userError.ts";

/** One reason why there can be no review. */
export interface ReviewProblem {
  /** What is refused: an option with its value, or a path in a file. */
  where: string;
  /** What is wrong with it, continuing `where` as a sentence. */
  what: string;
  /** What the reader does next. */
  next: string;
}

/** Thrown when a review cannot be made of what was given: all problems at once. */
export class ReviewRefused extends UserError {
  readonly problems: readonly ReviewProblem[];

  constructor(problems: readonly ReviewProblem[]) {
    super("REVIEW_REFUSED", {
      what: problems.length === 1 ? "there is one problem" : `there are ${problems.length} problems`,
      why: problems.map(({ where, what }) => `${where} ${what}`).join("; "),
      next: problems[0]?.next ?? "",
    });
    this.name = "ReviewRefused";
    this.problems = problems;
    this.message = [`cannot review, ${this.parts.what}:`, ...problems.map(paragraph)].join("\n");
  }
}

function paragraph({ where, what, next }: ReviewProblem, index: number): string {
  return `  ${index + 1}. ${where} ${what}\n     next: ${next}`;
}
