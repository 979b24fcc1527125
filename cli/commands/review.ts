import { UserError } from "../../provider/engine/userError.ts";
import type { ContextOptions } from "../context.ts";
import { errorText } from "../errorText.ts";
import { type OutputWord, outputsOf, writeOutputs } from "../review/outputs.ts";
import { type ReviewOptions, review } from "../review/review.ts";

/** Exit codes: 0 nothing at or above the threshold, 1 something is, 2 there could be no review. */
export async function main(
  options: ContextOptions & ReviewOptions & { words: readonly OutputWord[] },
): Promise<number> {
  try {
    const { outputs, problems } = outputsOf(options.words);
    const report = await review(options, problems);
    await writeOutputs(report, outputs);
    return report.failing.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(errorText(error));
    return 2;
  }
}
