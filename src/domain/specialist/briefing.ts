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

/** What earlier phases decided and made, one short line each, for the brief of a later task. */
export function contextLines(view: RunView): string[] {
  const lines: string[] = [];
  for (const task of view.tasks)
    if (task.state === "accepted" && task.summary)
      lines.push(`${task.phase}, ${task.task.id} (${task.task.specialist}): ${task.summary}`);
  const decided = view.tradeOffs.map(
    ({ taskId, by, choice }) => `${by} decided the trade-off of ${taskId}: ${choice}`,
  );
  return [...halfLines(view), ...decisionLines(view), ...decided, ...lines];
}

/** What everybody in a full-stack run has to know about its other half. */
function halfLines(view: RunView): string[] {
  if (view.triage?.mode !== "full-stack") return [];
  const handed = view.handOffs.map(
    ({ record }) =>
      `Handed to ${record.to}; neither do it nor miss it here: ${record.wanted.join("; ")}`,
  );
  return [
    "Only the backend half of the request is done here; the frontend half is handed to frontend-orchestrator. The design states every API contract that both sides keep to in `contracts`.",
    ...handed,
  ];
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

/**
 * What a repeated review is limited to: whether each finding is addressed, and what the fix itself broke. `from` is the
 * commit that was reviewed, `to` the one with the fix.
 */
export function reReviewLines(repeated: {
  readonly findings: readonly string[];
  readonly from: string;
  readonly to: string;
}): string[] {
  const { findings, from, to } = repeated;
  return [
    `This is a repeated review: judge only the change since the last one, \`git diff ${from} ${to}\`.`,
    ...findings.map(
      (finding, index) => `Finding ${index + 1}, say whether it is addressed: ${finding}`,
    ),
    "A finding that is not addressed stays an issue; beyond that report only what the fix itself broke.",
  ];
}

/** What people have accepted as it is; a review that finds it again has found nothing new. */
export function acceptedLines(view: RunView): string[] {
  return view.decisions.flatMap((decision) =>
    decision.verdict === "accept"
      ? decision.open.map(
          (issue) => `${decision.by} has accepted this as it is, do not ask for it again: ${issue}`,
        )
      : [],
  );
}
