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
        approves: true,
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

/** What whoever mends a red suite is told about where it broke. */
export function brokenSince(broken: {
  readonly sha: string;
  readonly taskId?: string;
  readonly by?: string;
}): string {
  const { sha, taskId, by } = broken;
  const origin = taskId === undefined ? `a commit of ${by ?? "the host"}` : `task ${taskId}`;
  return `The suite is red since ${sha.slice(0, 7)} (${origin}) and green before it.`;
}

/** The final commit is red, and no task of the run can be blamed for it. */
export function notVerified(
  sha: string,
  problems: readonly string[],
  because: string | undefined,
): { issue: string; attempted: readonly string[]; recommend: string; capability: string } {
  return {
    issue: `the final commit ${sha.slice(0, 7)} is not verified`,
    attempted: [...problems, because ?? "ran the suite on the base commit: it is red there, too"],
    recommend: "user",
    capability: "a repository whose build and tests pass",
  };
}

/** A commit cannot be merged; its task is done again on top of the others. */
export function conflictProblem(files: readonly string[]): string {
  return `Your commit conflicts with other tasks in ${files.join(", ")}; do the task again on the present state.`;
}

/** A task conflicts again although it was done again on top of the others. */
export function conflictsAgain(
  task: string,
  files: readonly string[],
): { issue: string; attempted: string[]; recommend: string; capability: string } {
  const named = files.slice(0, FILES_NAMED).join(", ");
  return {
    issue: `task ${task} conflicts with the run branch for the second time, in ${named}`,
    attempted: ["merged it by git merge-tree", "had it done again on top of the others"],
    recommend: "user",
    capability: "a decision whose work to keep in these files; then /orchestrate retry",
  };
}
