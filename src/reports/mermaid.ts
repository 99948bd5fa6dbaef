import type { PhaseState, RunView, TaskState, TaskView } from "../domain/run/run.ts";

const MARK: Readonly<Record<PhaseState | TaskState, string>> = {
  pending: "○",
  running: "▶",
  completed: "✔",
  accepted: "✔",
  skipped: "–",
  failed: "✘",
  refused: "↻",
};

/** The phase graph of a run as a Mermaid flowchart; colours follow the state and hold in light and dark themes. */
export function phaseGraph(view: RunView): string {
  const lines = ["flowchart LR"];
  let previous: string | undefined;
  for (const phase of view.phases) {
    const tasks = view.tasks.filter((task) => task.phase === phase.phase);
    const id = phase.phase;
    if (tasks.length === 0) lines.push(`  ${id}["${MARK[phase.state]} ${id}"]:::${phase.state}`);
    else {
      lines.push(`  subgraph ${id}["${MARK[phase.state]} ${id}"]`, "    direction TB");
      for (const task of tasks)
        lines.push(`    ${nodeId(task)}["${nodeLabel(task)}"]:::${task.state}`);
      lines.push("  end");
    }
    if (previous) lines.push(`  ${previous} --> ${id}`);
    previous = id;
  }
  return [...lines, ...CLASSES].join("\n");
}

const CLASSES = [
  "  classDef pending fill:#eaeef2,stroke:#8c959f,color:#1f2328",
  "  classDef running fill:#ddf4ff,stroke:#0969da,color:#0a3069",
  "  classDef refused fill:#fff8c5,stroke:#bf8700,color:#4d2d00",
  "  classDef accepted fill:#dafbe1,stroke:#1a7f37,color:#0d3d1a",
  "  classDef completed fill:#dafbe1,stroke:#1a7f37,color:#0d3d1a",
  "  classDef skipped fill:#f6f8fa,stroke:#8c959f,color:#57606a,stroke-dasharray:4",
  "  classDef failed fill:#ffebe9,stroke:#cf222e,color:#82071e",
];

function nodeId(task: TaskView): string {
  return `task_${task.task.id.replaceAll("-", "_")}`;
}

/** Specialist and mode only: names of our own roster, never text that a model or a person chose. */
function nodeLabel(task: TaskView): string {
  const mode = task.task.mode ? `<br/>${task.task.mode}` : "";
  return `${MARK[task.state]} ${task.task.specialist}${mode}`;
}
