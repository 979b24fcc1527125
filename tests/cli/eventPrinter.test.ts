import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { expect, test } from "vitest";
import { EventPrinter } from "../../cli/eventPrinter.ts";

const event = (content: Partial<EngineEvent>): EngineEvent => ({ sequence: 1, timestamp: 1, ...content });

function diagnostic(severity: "error" | "warning", message: string): EngineEvent {
  return event({ diagnosticEvent: { severity, message, color: "never" } });
}

function violation(enforcementLevel: "warning" | "mandatory", message: string): EngineEvent {
  const policyPackName = "mfa-server";
  return event({
    policyEvent: {
      message,
      enforcementLevel,
      color: "never",
      policyName: "MFA-NET-001",
      policyPackName,
      policyPackVersion: "1.0.0",
      policyPackVersionTag: "1.0.0",
    },
  });
}

test("what the preview advised is not said again while deploying, what it refused is", () => {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const shown = [
    diagnostic("warning", "near its end"),
    violation("warning", "not pinned"),
    violation("mandatory", "open to all"),
    diagnostic("error", "no such group"),
  ];
  const preview = new EventPrinter(write, { showSteps: false });
  for (const each of shown) preview.take(each);
  expect(lines).toEqual([
    "  warning: near its end",
    "  advice: policy MFA-NET-001: not pinned",
    "  refused: policy MFA-NET-001: open to all",
    "  error: no such group",
  ]);

  lines.length = 0;
  const up = new EventPrinter(write, { showSteps: true, after: preview });
  for (const each of [...shown, diagnostic("warning", "slow answer")]) up.take(each);
  expect(lines).toEqual([
    "  refused: policy MFA-NET-001: open to all",
    "  error: no such group",
    "  warning: slow answer",
  ]);
  expect(up.problems()).toEqual(["policy MFA-NET-001: open to all", "no such group"]);
});
