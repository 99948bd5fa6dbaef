import { requirementLines } from "../plan/counting.ts";
import type { RunView, TaskView } from "../run/run.ts";

/** The most findings that a re-dispatched specialist is given: the concrete ones, not whole transcripts. */
export const FINDINGS_KEPT = 5;

/** Characters of one finding in a brief; what is longer is cut there. */
export const FINDING_LIMIT = 4_000;

/**
 * Findings of one failure as they fit into one brief: where there are more than it holds, neighbours are joined, and
 * cut to an even share where they would be too long together. None is left out: what nobody is told, nobody mends.
 */
export function packFindings(findings: readonly string[]): string[] {
  const perText = Math.max(1, Math.ceil(findings.length / FINDINGS_KEPT));
  const packed: string[] = [];
  for (let from = 0; from < findings.length; from += perText)
    packed.push(joined(findings.slice(from, from + perText)));
  return packed;
}

function joined(texts: readonly string[]): string {
  const whole = texts.join("\n");
  if (whole.length <= FINDING_LIMIT) return whole;
  const each = Math.floor(FINDING_LIMIT / texts.length) - 1;
  return texts
    .map((text) => (text.length <= each ? text : `${text.slice(0, each - 1)}…`))
    .join("\n");
}

/** Text of others for a brief, under a title of ours; it stands there as data. */
export interface Told {
  readonly title: string;
  readonly text: string;
}

/** What the brief of a later task says in the host's own words. */
export function contextLines(view: RunView): string[] {
  return view.triage?.mode === "full-stack"
    ? [
        "Only the backend half of the request is done here; the frontend half is handed to frontend-orchestrator. The design states every API contract that both sides keep to in `contracts`.",
      ]
    : [];
}

/** The plan's requirements, and what earlier phases decided and made, one short line each. */
export function background(view: RunView): Told[] {
  const done = view.tasks.flatMap(({ state, summary, phase, task }) =>
    state === "accepted" && summary
      ? [`${phase}, ${task.id} (${task.specialist}): ${summary}`]
      : [],
  );
  const decided = view.tradeOffs.map(
    ({ taskId, by, choice }) => `${by} decided the trade-off of ${taskId}: ${choice}`,
  );
  return [
    ...toldRequirements(view),
    ...blocks({
      "Handed to others; neither do it nor miss it here": handedLines(view),
      "Decided and done so far": [...decisionLines(view), ...decided, ...done],
    }),
  ];
}

/** What the plan says that the task begins from. */
export function toldInputs(inputs: readonly string[]): Told[] {
  return blocks({ "Inputs of your task": inputs });
}

/** The requirements as the plan words them. */
export function toldRequirements(view: RunView): Told[] {
  return blocks({ "Requirements of the plan": requirementLines(view.plan?.requirements ?? []) });
}

function handedLines(view: RunView): string[] {
  if (view.triage?.mode !== "full-stack") return [];
  return view.handOffs.map(({ record }) => `Handed to ${record.to}: ${record.wanted.join("; ")}`);
}

/** One block for each title that has lines; what goes over several lines is indented. */
function blocks(of: Readonly<Record<string, readonly string[]>>): Told[] {
  return Object.entries(of)
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => ({
      title,
      text: lines.map((text) => `- ${text.trim().replaceAll("\n", "\n  ")}`).join("\n"),
    }));
}

function decisionLines(view: RunView): string[] {
  const design = view.tasks.find(
    (task) => task.phase === "architecture" && task.state === "accepted",
  );
  const decision = (design?.result as { decision?: Record<string, unknown> } | undefined)?.decision;
  if (!decision) return [];
  return ["recommendation", "boundaries", "schema", "contracts"].flatMap((key) => {
    const value = decision[key];
    if (typeof value === "string") return [`Architecture, ${key}: ${value}`];
    if (Array.isArray(value) && value.length > 0)
      return [`Architecture, ${key}: ${value.join("; ")}`];
    return [];
  });
}

/** What a specialist must not do in this task. */
export function scopeLines(view: RunView, task: TaskView): string[] {
  const lines = ["Work only inside this clone; the host commits, pushes and verifies."];
  if (task.task.files.length > 0)
    lines.push(
      `Intended files: ${task.task.files.join(", ")}. Leave other files alone unless the task cannot be done without them; say so in your summary.`,
    );
  const others = view.tasks.filter(
    (t) => t.phase === task.phase && t.task.id !== task.task.id && t.state !== "accepted",
  );
  if (others.length > 0)
    lines.push(
      `Others are doing these tasks at the same time; do not do them: ${others.map((t) => t.task.title).join("; ")}.`,
    );
  lines.push(...modeLimits(task));
  return lines;
}

function modeLimits(task: TaskView): string[] {
  switch (task.task.mode) {
    case "unit":
      return [
        "Write unit tests only: no network, no real service, no test of other kinds. Do not change production files.",
      ];
    case "integration":
      return [
        "Write integration tests only: real parts together across one boundary, no unit or end-to-end tests. Do not change production files.",
      ];
    case "acceptance":
      return [
        "Write acceptance tests only: the whole service from outside, as its users see it. Do not change production files.",
      ];
    case "architecture":
      return ["Decide, do not implement: your diff must stay empty."];
    case "review":
    case "security":
      return [
        "Review, do not fix: your diff must stay empty. Judge the specification first, then quality.",
      ];
    default:
      return [
        "Write the code and the basic tests that prove it builds and works; broader tests are other tasks.",
      ];
  }
}

const REVIEWED = "Findings of the last review";

/**
 * What a repeated review is limited to: whether each finding is addressed, and what the fix itself broke. `from` is the
 * commit that was reviewed, `to` the one with the fix. The findings themselves are in `toldToReviewers`.
 */
export function reReviewLines(repeated: { readonly from: string; readonly to: string }): string[] {
  return [
    `This is a repeated review: judge only the change since the last one, \`git diff ${repeated.from} ${repeated.to}\`.`,
    `Say of each finding in "${REVIEWED}" whether it is addressed.`,
    "A finding that is not addressed stays an issue; beyond that report only what the fix itself broke.",
  ];
}

/**
 * The findings that a repeated review judges, and what people have accepted as it is: a review that finds that again
 * has found nothing new.
 */
export function toldToReviewers(view: RunView, findings: readonly string[]): Told[] {
  const accepted = view.decisions.flatMap((decision) =>
    decision.verdict === "accept"
      ? decision.open.map((issue) => `${decision.by} has accepted this as it is: ${issue}`)
      : [],
  );
  return blocks({
    [REVIEWED]: findings.map((text, at) => `Finding ${at + 1}: ${text}`),
    "Accepted by people as it is; do not ask for it again": accepted,
  });
}
