import type { RunView } from "../domain/run/run.ts";
import { code } from "./markdown.ts";

/** Every phase with its state, how far its tasks are, and who works on it. */
export function phaseTable(view: RunView): string {
  const rows = view.phases.map((phase) => {
    const tasks = view.tasks.filter((task) => task.phase === phase.phase);
    const done = tasks.filter((task) => task.state === "accepted").length;
    const names = tasks.map((task) => code(task.task.specialist));
    return `| ${phase.phase} | ${phase.state} | ${tasks.length === 0 ? "" : `${done} of ${tasks.length}`} | ${[...new Set(names)].join(", ")} |`;
  });
  return ["| Phase | State | Tasks | By |", "| --- | --- | --- | --- |", ...rows].join("\n");
}
