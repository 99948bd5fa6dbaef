import type { Diagnostic } from "../domain/skill/definition.ts";
import type { CheckOutcome } from "./environment.ts";
import type { KindReport, TreeReport } from "./examine.ts";

/** A tree's report for people: totals first, then every diagnostic as `file:line`. */
export function treeText(report: TreeReport): string {
  const lines = [
    ...(report.agents ? [kindText("agents", report.agents)] : []),
    ...(report.skills ? [kindText("skills", report.skills)] : []),
    ...report.diagnostics.map(diagnosticText),
  ];
  return `${lines.join("\n")}\n`;
}

function kindText(kind: string, report: KindReport): string {
  const { files, loaded, loadedLeniently, withoutFrontMatter, skipped } = report;
  return `${kind}: ${files} files, ${loaded} loaded (${loadedLeniently} leniently), ${withoutFrontMatter} without front matter, ${skipped.length} skipped`;
}

function diagnosticText(diagnostic: Diagnostic): string {
  const { severity, file, line, rule, message } = diagnostic;
  return `${severity} ${visible(file)}${line === undefined ? "" : `:${line}`} [${rule}] ${visible(message)}`;
}

/** File names and contents are others' words: no control character of theirs reaches the terminal. */
function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}

/** The environment's checks for people, one line each. */
export function checksText(outcomes: readonly CheckOutcome[]): string {
  const mark = { ok: "ok  ", warning: "warn", error: "FAIL", skipped: "-   " } as const;
  return outcomes.map(({ name, state, detail }) => `${mark[state]} ${name}: ${detail}\n`).join("");
}
