import type { Guard } from "../domain/gate/guarded.ts";
import type { GuardedFile } from "../domain/gate/scope.ts";
import type { QuestionDraft } from "../domain/specialist/results.ts";
import { clip } from "./markdown.ts";
import { count } from "./words.ts";

/** The option of `guardedQuestion` that lets the change in; every other answer keeps it out. */
export const LET_IN = "b";

const WHY: Readonly<Record<Guard, string>> = {
  ci: "runs in CI with the repository's own rights",
  owners: "decides who must review what",
  definitions: "instructs this app or other agents",
  protected: "is protected by this repository's profile",
  "deleted-tests": "holds tests and is deleted, which the task does not say",
};

const FILES_NAMED = 8;

/** Asks a person whether a specialist's change of guarded files may be taken in. */
export function guardedQuestion(change: {
  readonly task: string;
  readonly specialist: string;
  readonly sha: string;
  readonly files: readonly GuardedFile[];
}): QuestionDraft {
  const { task, specialist, sha, files } = change;
  const named = files.slice(0, FILES_NAMED).map(({ file, guard }) => `${file} (${WHY[guard]})`);
  const more = files.length - named.length;
  const list = `${named.join("; ")}${more > 0 ? `; and ${count(more, "more file")}` : ""}`;
  return {
    text: clip(
      `${specialist} changed files in task ${task} that only a person may let in: ${list}. The change stands in commit ${sha.slice(0, 7)} on the task's branch. Shall it be taken in?`,
      4_000,
    ),
    options: [
      {
        key: "a",
        label: "Keep it out",
        consequence: "the task is done again without these files",
      },
      {
        key: LET_IN,
        label: "Take it in",
        consequence: "this commit is integrated as it is; your name stands in the report",
      },
    ],
    recommended: "a",
  };
}

/** Nobody decided about guarded files, so nothing of the commit was taken in. */
export function unansweredGuard(task: string): {
  issue: string;
  attempted: string[];
  recommend: string;
  capability: string;
} {
  return {
    issue: `nobody decided whether the files of task ${task} that need a person may change`,
    attempted: ["asked on the issue and waited; the commit was not integrated"],
    recommend: "user",
    capability: "a decision, then /orchestrate retry",
  };
}

/** Why a change that was workflow files alone cannot be taken in. */
export function onlyWorkflowFiles(files: readonly string[]): string {
  return `Only workflow files were changed (${files.slice(0, FILES_NAMED).join(", ")}); this app never writes them. Their change stands in the report as a patch for a person to apply; nothing else is left of this task.`;
}
