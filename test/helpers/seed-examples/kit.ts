import { readFileSync } from "node:fs";
import {
  type Action,
  type Script,
  submit,
  write,
} from "../../../src/playground/scripted-model/script.ts";

/** One of the seed's examples as an issue on the sample Go service, with everybody's work on it. */
export interface Example {
  readonly title: string;
  readonly body: string;
  readonly command: string;
  readonly script: Script;
}

export type ExampleName = "endpoint" | "pipeline" | "refactoring";

/** A file as the example's specialists leave it in the end. */
export function finished(example: ExampleName, path: string): string {
  const folder = new URL(`../../fixtures/seed-examples/${example}/`, import.meta.url);
  return readFileSync(new URL(path, folder), "utf8");
}

/** Writes a file as it is in the end. */
export function put(example: ExampleName, path: string): Action {
  return write(path, finished(example, path));
}

/** The text with `wrong` where `right` was; fails when that is not exactly one place. */
export function mistaken(text: string, right: string, wrong: string): string {
  if (text.split(right).length !== 2)
    throw new Error(`${JSON.stringify(right)} does not stand exactly once in the text.`);
  return text.replace(right, () => wrong);
}

/** An issue's criteria as its list and as the plan's requirements. */
export function criteria(texts: readonly string[]): {
  readonly list: string;
  readonly requirements: readonly { readonly id: string; readonly text: string }[];
} {
  return {
    list: `## Acceptance criteria\n\n${texts.map((text) => `- ${text}`).join("\n")}\n`,
    requirements: texts.map((text, at) => ({ id: `R${at + 1}`, text })),
  };
}

export function developed(summary: string, files: readonly string[]): Action {
  return submit({ status: "complete", summary, files_modified: files, notes: [] });
}

export function tested(
  mode: "unit" | "integration" | "acceptance",
  about: { file: string; count: number; covers: readonly string[]; summary: string },
): Action {
  const { file, count, covers, summary } = about;
  return submit({
    status: "complete",
    summary,
    test_mode: mode,
    test_files: [file],
    test_count: count,
    covers,
  });
}

export function approved(summary: string): Action {
  return submit({
    status: "complete",
    summary,
    spec: { verdict: "compliant", missing: [], extra: [], deviations: [] },
    quality: { verdict: "approved", issues: [] },
  });
}

export function secure(summary: string, files: readonly string[]): Action {
  return submit({
    status: "complete",
    summary,
    verdict: "approved",
    files_reviewed: files,
    findings: [],
  });
}
