/** What is said about plans that people supply, and about the checkpoints between their batches. */

import type { PlanSource } from "../domain/plan/plan-source.ts";
import { BATCH_SIZE } from "../domain/plan/supplied-plan.ts";
import type { BlockedView, RunView } from "../domain/run/run.ts";
import type { QuestionDraft } from "../domain/specialist/results.ts";
import { code, inert } from "./markdown.ts";
import { count, shortSha } from "./words.ts";

/** What a person decides about a plan that cannot be carried out as it is. */
export type Onward = "read again" | "plan here" | "as it is" | "as before" | "stop";

const CONCERNS_SHOWN = 12;
const CONCERN_LENGTH = 400;

/** Where a supplied plan stands, in words. */
export function sourceWords(source: PlanSource): string {
  if (source.from === "file") return `${source.path} at ${shortSha(source.sha)}`;
  return source.from === "command" ? "the command's comment" : "the issue";
}

/** Why a request that could go to one specialist is coordinated: it brings its own plan. */
export function suppliedReason(where: string): string {
  return `The request brings its own plan (${where}): its tasks are carried out in batches of ${BATCH_SIZE}, with a checkpoint after each.`;
}

/** A link to a plan that is not there. */
export function missingPlan(path: string, at: string): string {
  return `${path} does not exist on the base branch at ${at}; a plan is only read there, in this repository.`;
}

/** Several plans, of which nobody said which one counts. */
export function severalPlans(paths: readonly string[]): string {
  return `The request refers to several plans (${paths.slice(0, 5).join(", ")}): leave one link.`;
}

/** The plan is gone from the request. */
export function noPlanLeft(): string {
  return "The request holds no plan any more.";
}

const WAYS: Readonly<Record<Onward, readonly [label: string, consequence: string]>> = {
  "read again": [
    "Read it again",
    "edit the plan first; it is read anew, as it then stands, before anything is done",
  ],
  "plan here": ["Plan it here", "the orchestrator makes a plan of its own from the request"],
  "as it is": [
    "Carry it out as it is",
    "the specialists work with what it says; the host's own checks hold all the same",
  ],
  "as before": [
    "Go on as before",
    "the rest of the plan is carried out as it was read the last time",
  ],
  stop: ["Stop", "the run ends; what is done stays on its branch"],
};

/** Everything that speaks against a supplied plan in one question, with the ways that are open. */
export function suppliedPlanQuestion(
  where: string,
  concerns: readonly string[],
  ways: readonly Onward[],
): QuestionDraft {
  return {
    text: `The plan in ${where} cannot be carried out as it stands. ${numbered(concerns)} How shall it go on?`,
    options: ways.map((way, index) => ({
      key: "abcd".charAt(index),
      label: WAYS[way][0],
      consequence: WAYS[way][1],
    })),
    recommended: "a",
  };
}

function numbered(concerns: readonly string[]): string {
  const shown = concerns.slice(0, CONCERNS_SHOWN);
  const rest = concerns.length - shown.length;
  return [
    ...shown.map((one, index) => `(${index + 1}) ${one.slice(0, CONCERN_LENGTH)}`),
    ...(rest > 0 ? [`and ${rest} more.`] : []),
  ].join(" ");
}

type Blocked = Omit<BlockedView, "type">;

/** The run ends because its supplied plan cannot be carried out. */
export function suppliedPlanBlocks(where: string, concerns: readonly string[]): Blocked {
  return {
    issue: `the plan in ${where} cannot be carried out as it stands`,
    attempted: ["read it and asked how to go on", ...concerns.slice(0, CONCERNS_SHOWN)],
    recommend: "user",
    capability: "a plan that can be; then comment /orchestrate retry",
  };
}

/** A person stopped the run at a checkpoint, or nobody let it go on. */
export function stoppedAtCheckpoint(at: { batch: number; of: number; by?: string }): Blocked {
  const { batch, of, by } = at;
  return {
    issue: by ? `${by} stopped the run` : "nobody let the run go on",
    attempted: [`carried out batch ${batch} of ${of} of the supplied plan`],
    recommend: "user",
    capability: "/orchestrate retry, which asks here again and repeats nothing that is done",
  };
}

/** One task of a batch, for the question at its checkpoint. */
export function doneLine(title: string, sha: string | undefined): string {
  return sha === undefined ? title : `${title} (${shortSha(sha)})`;
}

/** What the host verified at a checkpoint. */
export function verifiedWords(checks: RunView["checkpoints"][number]["verified"]): string {
  if (checks.length === 0) return "nothing was verified";
  const each = checks.map(
    ({ command, exitCode, passed }) =>
      `${command}: exit ${exitCode}${passed === undefined ? "" : `, ${passed} passed`}`,
  );
  return each.join(", ");
}

/** What came out of reading a plan anew at a checkpoint. */
export function readAnewNote(where: string, left: number, changed: boolean): string {
  const rest = left === 0 ? "nothing is left to build" : `${count(left, "task")} of the build left`;
  return changed
    ? `The plan was read anew from ${where}: ${rest}.`
    : `The plan was read anew from ${where} and is as it was: ${rest}.`;
}

/** Tasks of a supplied plan that this run does not carry out. */
export function tasksLeftNote(titles: readonly string[]): string {
  return `Tasks of the supplied plan that this run leaves to others or to another run: ${titles.slice(0, 20).join("; ")}.`;
}

/** A plan was supplied, and the request goes to one specialist all the same. */
export function planNotTaken(): string {
  return "The request brings a plan; because the command names its phases, one specialist is given the request as it is.";
}

/** Where the accepted plan came from and how far its batches are; undefined when nobody supplied it. */
export function suppliedLine(view: RunView, repoUrl: string): string | undefined {
  const { supplied } = view;
  if (!supplied) return undefined;
  const { source, batches } = supplied;
  const where =
    source.from === "file"
      ? `[${code(source.path)}](${repoUrl}/blob/${source.sha}/${source.path}) at ${code(shortSha(source.sha))}`
      : sourceWords(source);
  const passed = view.checkpoints.filter(({ batch }) => batch <= batches.length).length;
  const state =
    batches.length === 0
      ? ""
      : ` · ${passed} of ${count(batches.length, "checkpoint")} passed, one after each batch`;
  return `**Supplied plan:** ${where}${state}`;
}

/** The line that closes a batch in the list of tasks; undefined for a task that ends none. */
export function checkpointLine(view: RunView, taskId: string): string | undefined {
  const batches = view.supplied?.batches ?? [];
  const at = batches.findIndex((ids) => ids.at(-1) === taskId);
  if (at === -1) return undefined;
  const passed = view.checkpoints.findLast(({ batch }) => batch === at + 1);
  const name = `Checkpoint ${at + 1} of ${batches.length}`;
  if (!passed) return `[ ] ${name}: not passed yet`;
  const by = passed.by === undefined ? "" : `, let on by ${inert(passed.by)}`;
  return `[x] ${name}: ${inert(verifiedWords(passed.verified))} on ${code(shortSha(passed.sha))}${by}`;
}
