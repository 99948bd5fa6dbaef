import type { QueuePlace } from "../domain/run/queue.ts";
import type { RunView } from "../domain/run/run.ts";
import { stateSentence } from "./state.ts";
import { count } from "./words.ts";

/** Where a run stands in one phrase, for example `Working on testing (3 specialists at work), 4 of 7 tasks done`. */
export function progressWords(view: RunView, queue?: QueuePlace): string {
  const words = stateSentence(view, queue).replace(/^\P{L}+/u, "");
  if (view.tasks.length === 0 || view.state === "complete") return words;
  const done = view.tasks.filter((task) => task.state === "accepted").length;
  return `${words}, ${done} of ${count(view.tasks.length, "task")} done`;
}
