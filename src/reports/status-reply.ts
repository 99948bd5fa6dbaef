import type { RunView } from "../domain/run/run.ts";
import { fit } from "./markdown.ts";
import { type StatusContext, spentLine } from "./overview.ts";
import { phaseTable } from "./phase-table.ts";
import { stateSentence } from "./state.ts";
import { whatIsWanted } from "./wanted.ts";

/** The answer to somebody who asks how a run stands: the same words as in its status comment, in short. */
export function statusReply(view: RunView, context: StatusContext): string {
  const wanted = whatIsWanted(view, context.queue);
  return fit([
    { text: `### ${stateSentence(view, context.queue)}`, importance: 0 },
    ...(wanted === undefined ? [] : [{ text: wanted, importance: 0 }]),
    { text: phaseTable(view), importance: 1 },
    { text: spentLine(view, context), importance: 0 },
    {
      text: `The whole report stands in the comments of #${view.pullRequest?.number ?? view.started.issue} and is kept up to date.`,
      importance: 0,
    },
  ]);
}
