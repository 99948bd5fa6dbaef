import { passed } from "../domain/gate/evidence.ts";
import {
  type RequirementEvidence,
  requirementEvidence,
} from "../domain/plan/requirement-evidence.ts";
import type { RunView } from "../domain/run/run.ts";
import { cell, clip, code, inert } from "./markdown.ts";
import { count, shortSha } from "./words.ts";

const FILES_SHOWN = 3;
const TEXT_SHOWN = 200;
const THINGS_SHOWN = 10;

/**
 * The evidence matrix of a run: requirement, tests, commit, command, exit code, digest of the log. A requirement that
 * nothing proves says so in its row. Undefined before there is a plan.
 */
export function evidenceMatrix(view: RunView): string | undefined {
  const rows = requirementEvidence(view);
  if (rows.length === 0) return undefined;
  return [
    "| Requirement | Tests | Commit | Command | Exit | Log sha256 |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows.map(rowOf),
  ].join("\n");
}

/** `3 of 4 requirements are covered by tests that passed on the head` and the gaps, as a list. */
export function gapsSection(view: RunView): string | undefined {
  const rows = requirementEvidence(view);
  const gaps = rows.filter((row) => row.gap !== undefined);
  if (gaps.length === 0) return undefined;
  const proven = rows.length - gaps.length;
  return [
    `${proven} of ${count(rows.length, "requirement")} proven. Not proven:`,
    ...gaps.map((row) => `- **${row.requirement.id}** ${inert(row.gap ?? "")}`),
  ].join("\n");
}

function rowOf(row: RequirementEvidence): string {
  const { requirement, evidence, gap, counted } = row;
  const mark = gap === undefined ? "✔" : "✘";
  const counts = counted
    ? ` (counted: ${counted.found.length} of ${count(counted.wanted, counted.unit)}${things(counted.found)})`
    : "";
  const text = `${mark} **${requirement.id}** ${inert(clip(requirement.text, TEXT_SHOWN))}${counts}`;
  if (evidence.length === 0)
    return `| ${text} | ${testsOf(row)} | gap: ${inert(gap ?? "")} | | | |`;
  const cells = [
    text,
    testsOf(row) + (gap === undefined ? "" : `<br>gap: ${inert(gap)}`),
    code(shortSha(evidence[0]?.sha ?? "")),
    evidence.map((item) => cell(item.command)).join("<br>"),
    evidence
      .map((item) => `${item.timedOut ? "timed out" : item.exitCode}${passed(item) ? "" : " ✘"}`)
      .join("<br>"),
    evidence.map((item) => code(item.outputDigest.slice(0, 12))).join("<br>"),
  ];
  return `| ${cells.join(" | ")} |`;
}

function things(found: readonly string[]): string {
  const shown = found.slice(0, THINGS_SHOWN).map(cell).join(", ");
  const more = found.length - THINGS_SHOWN;
  return found.length === 0 ? "" : `: ${shown}${more > 0 ? ` and ${more} more` : ""}`;
}

function testsOf({ tests }: RequirementEvidence): string {
  if (tests.length === 0) return "none";
  return tests
    .map((one) => {
      const more = one.files.length - FILES_SHOWN;
      const files = one.files.slice(0, FILES_SHOWN).map(cell).join(", ");
      return `${one.mode}: ${files}${more > 0 ? ` and ${more} more` : ""}${proofWords(one.proof)}`;
    })
    .join("<br>");
}

function proofWords(proof: RequirementEvidence["tests"][number]["proof"]): string {
  switch (proof) {
    case "proven":
      return " (fail without the change)";
    case "passes-without":
      return " (pass without the change ✘)";
    case "not-feasible":
      return " (not tried without the change)";
    case undefined:
      return "";
  }
}
